// bench/idle: opens keep-alive connections, one request on each, leaves them, and looks at what they cost.
import { execFileSync } from 'node:child_process';
import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { divideCores } from './cores.mjs';
import { Failure } from './failure.mjs';
import { numbers } from './flags.mjs';
import { residentBytes } from './proc.mjs';
import { need, report, session } from './session.mjs';
import { startUpstreams } from './upstreams.mjs';
import { mb, needPointsman, startWatched } from './watched.mjs';

const USAGE = `Usage: bench/idle [--connections 10000] [--heap 256] [--requests 500] [--keep]

Opens idle keep-alive connections to a balancer with so many MB of heap, after one request on each, and prints what they
cost and whether requests are still served in time, on the idle connections and on a new one. Fails if a connection is
lost or a request fails.`;

const OPENING_AT_ONCE = 100;
const REQUEST = 'GET /28 HTTP/1.1\r\nHost: bench\r\n\r\n';

/** Files besides the connections: of the libraries, of connections to upstreams. */
const OTHER_FILES = 1000;

/** A client's connection, kept open: `ask` sends one request and gives the milliseconds until its response was there. */
class Connection {
  #socket;
  #waiting;
  open = true;

  constructor(port) {
    this.#socket = net.connect(port, '127.0.0.1');
    this.#socket.setNoDelay(true);
    this.#socket.setEncoding('latin1');
    let got = '';
    this.#socket.on('data', (text) => {
      got += text;
      if (/\r\n\r\nx{28}$/.test(got)) {
        this.#settle(got.startsWith('HTTP/1.1 200 ') ? undefined : new Failure(`responded ${got.split('\r\n')[0]}`));
        got = '';
      }
    });
    this.#socket.on('error', (error) => this.#settle(error));
    this.#socket.on('close', () => {
      this.open = false;
      this.#settle(new Failure('closed by the balancer'));
    });
  }

  #settle(error) {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (waiting) {
      if (error) {
        waiting.reject(error);
      } else {
        waiting.resolve(performance.now() - waiting.began);
      }
    }
  }

  ask() {
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject, began: performance.now() };
      const late = setTimeout(() => this.#settle(new Failure('no response within 10 s')), 10_000);
      late.unref();
      this.#socket.write(REQUEST);
    });
  }
}

function needFiles(connections) {
  const limit = execFileSync('bash', ['-c', 'ulimit -Hn'], { encoding: 'utf8' }).trim();
  if (limit !== 'unlimited' && Number(limit) < connections + OTHER_FILES) {
    throw new Failure(`a process may have ${limit} files open, too few for ${connections} connections`
      + ` (expected: ${connections + OTHER_FILES} or more from ulimit -Hn)`);
  }
}

/** Opens connections, some at once, and asks once on each; gives those that got a response and what went wrong. */
async function open(port, count) {
  const connections = [];
  const errors = [];
  let left = count;
  await Promise.all(Array.from({ length: OPENING_AT_ONCE }, async () => {
    while (left-- > 0) {
      const connection = new Connection(port);
      try {
        await connection.ask();
        connections.push(connection);
      } catch (error) {
        errors.push(error.message);
      }
    }
  }));
  return { connections, errors };
}

/** Asks one after another; gives times in order of size, and what went wrong. */
async function askEach(connections) {
  const times = [];
  const errors = [];
  for (const connection of connections) {
    try {
      times.push(await connection.ask());
    } catch (error) {
      errors.push(error.message);
    }
  }
  return { times: times.sort((a, b) => a - b), errors };
}

function row(name, text) {
  console.log(`${name.padEnd(34)} ${text}`);
}

function printTimes(name, { times, errors }) {
  const at = (share) => times[Math.min(times.length - 1, Math.floor(share * times.length))]?.toFixed(2) ?? '-';
  row(name, `${times.length} responded, ${errors.length} failed; p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, max ${at(1)} ms`);
}

async function memory(name, balancer) {
  const heap = await balancer.jvm.heapInUse();
  const resident = residentBytes(balancer.process.pid);
  row(name, `RSS ${mb(resident)}, heap in use after GC ${mb(heap)}`);
  return { heap, resident };
}

async function idle(options, context) {
  const upstreams = await startUpstreams(context);
  const balancer = await startWatched(context, {
    heap: options.heap, upstreams, more: ['--max-connections', String(options.connections + 2000)],
  });
  await askEach([new Connection(balancer.port)]);
  const before = await memory('without connections', balancer);
  const began = performance.now();
  const { connections, errors } = await open(balancer.port, options.connections);
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  const why = errors.length > 0 ? `: ${[...new Set(errors)].slice(0, 3).join(', ')}` : '';
  row('opened, each with one request', `${connections.length} in ${seconds} s, ${errors.length} failed${why}`);
  await sleep(2000);
  const after = await memory(`with ${connections.length} idle ones`, balancer);
  const each = (kind) => `${((after[kind] - before[kind]) / connections.length / 1024).toFixed(1)} KiB`;
  row('for each connection', `RSS ${each('resident')}, heap ${each('heap')}`);
  const step = Math.max(1, Math.floor(connections.length / options.requests));
  const onIdle = await askEach(connections.filter((_, index) => index % step === 0).slice(0, options.requests));
  printTimes('requests on idle connections', onIdle);
  const onNew = await askEach(Array(options.requests).fill(new Connection(balancer.port)));
  printTimes('requests on a new connection', onNew);
  const lost = connections.filter((connection) => !connection.open).length;
  row('lost', `${lost} of ${connections.length}`);
  return lost + errors.length + onIdle.errors.length + onNew.errors.length > 0 ? 1 : 0;
}

async function main(argv) {
  const options = numbers(argv, { connections: 10_000, heap: 256, requests: 500 });
  if (options.help) {
    console.log(USAGE);
    return;
  }
  need({ taskset: 'of util-linux, for one core each', nginx: 'for the upstreams' });
  needPointsman();
  needFiles(options.connections);
  const cores = divideCores({});
  await session('bench/idle', options.keep, (context) => idle(options, { ...context, ...cores }));
}

main(process.argv.slice(2)).catch((error) => {
  report('bench/idle', error);
  process.exit(error.exitCode ?? 1);
});
