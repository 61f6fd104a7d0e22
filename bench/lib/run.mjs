// bench/run: this balancer beside its peers. See options.mjs for what can be asked for.
import { loadavg } from 'node:os';
import { PEERS, QUICK_PEERS } from '../peers/all.mjs';
import { allocations } from './allocations.mjs';
import { CASES, GRPC_BYTES, QUICK } from './cases.mjs';
import { makeCertificate } from './certificate.mjs';
import { find } from './commands.mjs';
import { divideCores } from './cores.mjs';
import { document, replaceGenerated } from './document.mjs';
import { Failure } from './failure.mjs';
import { startGrpcUpstreams } from './grpc-upstreams.mjs';
import { machine } from './machine.mjs';
import { parse, USAGE } from './options.mjs';
import { Rounds } from './rounds.mjs';
import { need, report, session } from './session.mjs';
import { startUpstreams } from './upstreams.mjs';

const names = (all) => all.map(({ name }) => name);
const say = (text) => console.error(text);

/** Those that were asked for and are here, each with its version. */
function present(options) {
  const wanted = PEERS.filter(({ name }) => options.peers.includes(name));
  const here = wanted.filter((peer) => {
    const reason = peer.missing();
    if (reason && peer.name === 'pointsman') {
      throw new Failure(reason);
    }
    if (reason) {
      say(`${peer.name}: ${reason}, skipped`);
    }
    return !reason;
  });
  return here.map((peer) => ({ ...peer, version: peer.version() }));
}

/** A process of each, new in every round, for cases of one protocol; who cannot take part or did not start once is left out of them. */
async function start(wanted, protocol, cases, rounds, context) {
  const started = [];
  const leaveOut = (peer, reason) => {
    rounds.leaveOut(peer, cases, reason);
    say(`${peer.name}, ${protocol}: ${reason}, left out`);
  };
  for (const peer of wanted.filter((each) => !rounds.leftOut(each, cases))) {
    const reason = peer.cannot?.(protocol);
    if (reason) {
      leaveOut(peer, reason);
      continue;
    }
    try {
      started.push({ ...peer, running: await peer.start(context, protocol) });
    } catch (error) {
      if (!(error instanceof Failure) || peer.name === 'pointsman') {
        throw error;
      }
      leaveOut(peer, error.message);
    }
  }
  if (started.length === 0) {
    throw new Failure(`none of the peers is here for ${protocol}`);
  }
  return started;
}

function progress(what, benchCase, peer, { rate, cpu, others }) {
  const disturbed = others > 0.05 ? `  (others took ${(others * 100).toFixed(0)} % of the core)` : '';
  say(`${what.padEnd(12)} ${benchCase.name.padEnd(13)} ${peer.name.padEnd(14)} `
    + `${rate.toFixed(0).padStart(7)}/s ${cpu.toFixed(1).padStart(8)} µs${disturbed}`);
}

/** All cases of one protocol, by processes that do nothing else. */
async function measureProtocol(options, round, last, wanted, protocol, all, rounds, context) {
  const cases = all.filter((each) => each.protocol === protocol);
  const peers = await start(wanted, protocol, cases, rounds, context);
  for (const peer of peers) {
    say(`warm-up      ${protocol.padEnd(13)} ${peer.name}`);
    await rounds.warmUp(peer, cases, options.quick ? 10 : 60);
  }
  await rounds.round(round, peers, cases);
  await rounds.halfLoad(round, peers, cases);
  const allocated = last && !options.quick ? await allocations(context, peers, cases) : [];
  for (const peer of peers) {
    await context.processes.stop(peer.running.process);
  }
  return allocated;
}

async function measureAll(options, wanted, chosen, context) {
  const seconds = options.seconds ?? (options.quick ? 1 : undefined);
  const cases = chosen.map((each) => ({ ...each, seconds: seconds ?? each.seconds }));
  const protocols = [...new Set(cases.map(({ protocol }) => protocol))];
  const rounds = new Rounds(context, progress, say);
  const allocated = [];
  for (let round = 0; round < options.rounds; round++) {
    rounds.loads.push(loadavg()[0]);
    for (const protocol of protocols) {
      allocated.push(...await measureProtocol(options, round, round === options.rounds - 1, wanted, protocol, cases, rounds, context));
    }
  }
  return { cases, rounds, allocated };
}

/** The cases that were asked for and whose tools are here. */
function measurable(options) {
  const tools = [
    ['h2load', 'apt-get install nghttp2-client', ({ load }) => load.tool === 'h2load'],
    ['openssl', 'apt-get install openssl', ({ load }) => load.tls],
  ].filter(([program]) => !find(program));
  let cases = CASES.filter(({ name }) => options.cases.includes(name));
  for (const [program, how, needs] of tools) {
    const skipped = cases.filter(needs);
    if (skipped.length > 0) {
      say(`there is no ${program} on the PATH (${how}): skipped ${names(skipped).join(', ')}`);
    }
    cases = cases.filter((each) => !skipped.includes(each));
  }
  if (cases.length === 0) {
    throw new Failure('nothing is left to measure');
  }
  return cases;
}

/** What proxies forward to, and the certificate that they show, as far as the cases need them. */
async function startSurroundings(context, cases) {
  context.upstreams = await startUpstreams(context);
  if (cases.some(({ load }) => load.tls)) {
    context.certificate = await makeCertificate(context);
  }
  if (cases.some(({ protocol }) => protocol === 'grpc')) {
    context.grpcUpstreams = await startGrpcUpstreams(context, GRPC_BYTES);
  }
}

async function main(argv) {
  const usual = names(PEERS.filter(({ spare }) => !spare));
  const options = parse(argv, names(PEERS), names(CASES), { peers: usual, quick: { peers: QUICK_PEERS, cases: QUICK } });
  if (options.help) {
    console.log(USAGE.replace('PEERS', names(PEERS).join(', ')).replace('CASES', names(CASES).join(' ')));
    return;
  }
  need({ wrk: 'for the load', taskset: 'of util-linux, for one core each', nginx: 'for the upstreams' });
  // Before this program moves to one core: the front door may have to build.
  const wanted = present(options);
  const cases = measurable(options);
  const cores = divideCores(options);
  await session('bench/run', options.keep, async ({ temp, processes }) => {
    const context = { temp, processes, ...cores };
    const facts = machine(cores, wanted, ['bench/run', ...argv].join(' '));
    await startSurroundings(context, cases);
    const results = await measureAll(options, wanted, cases, context);
    const text = document(facts, wanted, results);
    console.log(`\n${text}`);
    if (options.write) {
      replaceGenerated(text);
    }
    return results.rounds.failed ? 1 : 0;
  });
}

main(process.argv.slice(2)).catch((error) => {
  report('bench/run', error);
  process.exit(error.exitCode ?? 1);
});
