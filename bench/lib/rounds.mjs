// The measurements themselves: warm-up, interleaved rounds, half load.
import { Failure } from './failure.mjs';
import { CASES } from './cases.mjs';
import { median } from './interval.mjs';
import { measure } from './measure.mjs';
import { threadSeconds } from './proc.mjs';
import { respondsRightly } from './requests.mjs';

/** Seconds of the first load on a process, in which its first connections are made. */
const FIRST = 5;

/** Requests before a runtime can be warm at all: the second compiler of Pointsman's JVM takes what was called 50,000 times. */
const WARM = 150_000;

/** A JVM's compiler threads, and the CPU seconds in one second below which they are at rest. */
const COMPILERS = /^C[12] Compiler/;
const COMPILERS_REST = 0.05;

/** For how many seconds in a row they rest before they are believed. */
const REST = 3;

/** How near the rate at half load has to come to what was wanted. */
const PACE_TOLERANCE = 0.1;

/** A proxy gets half of its own rate instead of half of HAProxy's where that would be more than this share of its own. */
const BEARABLE = 0.8;

/** Some peers say little new in some cases. */
const takesPart = (peer, benchCase) => peer.only?.test(benchCase.name) ?? true;

const kind = ({ load }) => `${load.method} ${load.path} ${load.bytes}`;

export class Rounds {
  #context;
  #say;
  #tell;
  #results = new Map();

  /** Whether any proxy failed any case. */
  failed = false;

  /** The machine's load average before each round. */
  loads = [];

  /**
   * @param say told of each measurement as it is done
   * @param tell told of what a reader should know besides
   */
  constructor(context, say, tell) {
    this.#context = context;
    this.#say = say;
    this.#tell = tell;
  }

  /** What there is of a case and a peer: samples, each with its round; failed, why there are no more of them; at half load rateWanted and pause. */
  of(benchCase, peer) {
    const key = `${benchCase.name} ${peer.name}`;
    if (!this.#results.has(key)) {
      this.#results.set(key, { samples: [] });
    }
    return this.#results.get(key);
  }

  /** A proxy that cannot take part in these cases, and why: that is what the tables say of it. */
  leaveOut(peer, cases, reason) {
    cases.map((each) => this.of(each, peer)).forEach((result) => { result.failed ??= reason; });
  }

  /** Whether a proxy was left out of all of these cases. */
  leftOut(peer, cases) {
    return cases.every((each) => this.of(each, peer).failed);
  }

  /**
   * Checks each kind of request once, and lets a runtime that compiles as it runs compile what it will run.
   *
   * @param seconds as long as this may take for the first kind of request; half of it for each other
   */
  async warmUp(peer, cases, seconds) {
    const kinds = [...new Set(cases.map(kind))].map((each) => cases.filter((one) => kind(one) === each));
    for (const [index, alike] of kinds.entries()) {
      await this.#orNote(peer, alike, async () => {
        const load = { ...alike[0].load, connections: Math.min(32, alike[0].load.connections) };
        if (load.tool !== 'handshakes') {
          await respondsRightly(peer.running.port, load);
        }
        if (peer.jit && alike[0].warm) {
          await this.#warmUp(peer, load, { seconds: seconds * alike[0].warm, requests: 0, rest: 1 });
        } else if (peer.jit) {
          await this.#warmUp(peer, load, index === 0
            ? { seconds, requests: WARM, rest: REST }
            : { seconds: seconds / 2, requests: 0, rest: REST });
        } else if (index === 0) {
          await measure(this.#context, peer.running, load, 1);
        }
      });
    }
  }

  /** Until there were enough requests and a JVM's compilers rest: on one core they take half of it for a while. */
  async #warmUp(peer, load, { seconds, requests, rest }) {
    const { pid } = peer.running.process;
    let left = requests;
    let rested = 0;
    let step = requests > 0 ? FIRST : 1;
    for (let spent = step; ; spent += step) {
      const compiled = threadSeconds(pid, COMPILERS);
      left -= (await measure(this.#context, peer.running, load, step)).requests;
      step = 1;
      rested = threadSeconds(pid, COMPILERS) - compiled < COMPILERS_REST ? rested + 1 : 0;
      if (left <= 0 && rested >= rest) {
        return;
      }
      if (spent >= seconds) {
        this.#tell(`${peer.name} was not warm after ${spent} s of ${load.method} ${load.path}: its figures may be too high`);
        return;
      }
    }
  }

  /** One round: each case, by each peer in turn. The order of the peers turns with the rounds. */
  async round(number, peers, cases) {
    const turned = peers.map((_, index) => peers[(index + number) % peers.length]);
    for (const each of cases.filter(({ half }) => !half)) {
      for (const peer of turned.filter((one) => takesPart(one, each))) {
        await this.#sample(`round ${number + 1}`, number, each, peer, each.load);
      }
    }
  }

  /** Half load: every proxy at half of what HAProxy can, or of what it can itself if that is too much for it. */
  async halfLoad(number, peers, cases) {
    for (const each of cases.filter(({ half }) => half)) {
      const full = CASES.find(({ name }) => name === `get-${each.size}-32`);
      const rates = new Map();
      const taking = peers.filter((peer) => takesPart(peer, each));
      for (const peer of taking) {
        rates.set(peer.name, await this.#saturatedRate(number, full, peer));
      }
      for (const peer of taking) {
        await this.#orNote(peer, [each], () => this.#halfLoad(number, each, peer, rates));
      }
    }
  }

  async #halfLoad(number, benchCase, peer, rates) {
    const result = this.of(benchCase, peer);
    const own = rates.get(peer.name);
    const common = (rates.get('haproxy') || own) / 2;
    result.rateWanted ??= common <= own * BEARABLE ? common : own / 2;
    result.pause ??= await this.#paceFor(benchCase, peer, result.rateWanted);
    await this.#sample(`half load ${number + 1}`, number, benchCase, peer, { ...benchCase.load, pause: result.pause });
  }

  async #saturatedRate(number, full, peer) {
    const result = this.of(full, peer);
    if (result.samples.length === 0) {
      await this.#sample('rate for half load', number, full, peer, full.load);
    }
    return median(result.samples.map(({ rate }) => rate)) || 0;
  }

  /** The pause that gives a rate: guessed without the time that requests take, then corrected by what that gave, twice. */
  async #paceFor({ load }, peer, rate) {
    const cycle = (1000 * load.connections) / rate;
    let pause = cycle;
    for (let attempt = 0; attempt < 2; attempt++) {
      const tried = await measure(this.#context, peer.running, { ...load, pause }, 1);
      if (Math.abs(tried.rate / rate - 1) < PACE_TOLERANCE / 4) {
        break;
      }
      pause = Math.max(cycle / 2, pause + cycle - (1000 * load.connections) / tried.rate);
    }
    return pause;
  }

  async #sample(what, round, benchCase, peer, load) {
    await this.#orNote(peer, [benchCase], async () => {
      const sample = await measure(this.#context, peer.running, load, benchCase.seconds);
      this.of(benchCase, peer).samples.push({ ...sample, round });
      this.#say(what, benchCase, peer, sample);
    });
  }

  /** A proxy that fails at a case is a result too: it is left out there from then on, and the others go on. */
  async #orNote(peer, cases, work) {
    const results = cases.map((each) => this.of(each, peer));
    if (results.some(({ failed }) => failed)) {
      return;
    }
    try {
      await work();
    } catch (error) {
      if (!(error instanceof Failure) || this.#context.processes.ending) {
        throw error;
      }
      this.failed = true;
      results.forEach((result) => { result.failed = error.message; });
      this.#tell(`${peer.name}, ${cases.map(({ name }) => name).join(', ')}: ${error.message}`);
    }
  }
}

/** Whether the rate at half load was what it should have been. */
export const keptPace = (result) => result.rateWanted === undefined
  || Math.abs(median(result.samples.map(({ rate }) => rate)) / result.rateWanted - 1) <= PACE_TOLERANCE;
