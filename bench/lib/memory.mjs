// bench/memory: resident memory of a balancer as the front door starts it, idle, under load, and after large uploads.
import { request as newRequest } from 'node:http';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { divideCores } from './cores.mjs';
import { Failure } from './failure.mjs';
import { numbers } from './flags.mjs';
import { responds } from './http.mjs';
import { cpuSeconds, residentBytes } from './proc.mjs';
import { until } from './processes.mjs';
import { need, report, session } from './session.mjs';
import { startUpstreams } from './upstreams.mjs';
import { mb, needPointsman } from './watched.mjs';
import { errorsInWords, measure } from './measure.mjs';
import { frontDoor, startPointsman } from '../peers/pointsman.mjs';

const USAGE = `Usage: bench/memory [--rounds 3] [--idle 15] [--seconds 20] [--connections 32] [--uploads 4] [--megabytes 1024] [--keep]

In each round a fresh balancer as the front door starts it, with the embedded registry in its process, on a core of its own:
resident memory after so many idle seconds, at most and at last under GETs of 28 B (twice so many seconds, of which the second
half counts for the CPU time), and before, during, and 10 s after so many uploads at a time with so many MB all together.
JVM options in POINTSMAN_JAVA_OPTS count, so that two ways can be compared.`;

const MEGABYTE = 1 << 20;
const BLOCK = Buffer.alloc(256 * 1024, 'z');
/** How long after the uploads memory has to be back. */
const BACK_SECONDS = 10;

/** Samples resident memory until the work is done; gives the work's result and the most there was. */
async function most(pid, work) {
  let peak = 0;
  let over = false;
  const watching = (async () => {
    while (!over) {
      peak = Math.max(peak, residentBytes(pid));
      await sleep(100);
    }
  })();
  try {
    return [await work(), peak];
  } finally {
    over = true;
    await watching;
  }
}

/** Uploads a body of so many bytes, counted. */
async function upload(port, bytes) {
  const request = newRequest({
    host: '127.0.0.1', port, agent: false, method: 'POST', path: '/post', headers: { 'content-length': bytes },
  });
  const responded = once(request, 'response');
  for (let left = bytes; left > 0; left -= BLOCK.length) {
    if (!request.write(left < BLOCK.length ? BLOCK.subarray(0, left) : BLOCK)) {
      await once(request, 'drain');
    }
  }
  request.end();
  const [response] = await responded;
  response.resume();
  await once(response, 'end');
  if (response.statusCode !== 200) {
    throw new Failure(`the balancer responded ${response.statusCode} to an upload`);
  }
}

async function round(number, options, upstreams, context) {
  const balancer = await startPointsman({
    name: `pointsman-${number}`, command: [frontDoor], processes: context.processes, cores: context.proxyCore, upstreams,
  });
  const { pid } = balancer.process;
  await until(balancer.process, 'it responded', () => responds(balancer.port, '/28'), 60);
  await sleep(options.idle * 1000);
  const idle = residentBytes(pid);
  const before = cpuSeconds(pid);
  await sleep(5000);
  const busy = (cpuSeconds(pid) - before) / 5;

  const load = { method: 'GET', path: '/28', bytes: 28, connections: options.connections };
  const [measured, underLoad] = await most(pid, async () => {
    await measure(context, balancer, load, options.seconds);
    return measure(context, balancer, load, options.seconds);
  });
  const errors = errorsInWords(measured.errors);
  if (errors) {
    throw new Failure(`under load: ${errors}`);
  }

  const beforeUploads = residentBytes(pid);
  const bytes = Math.floor(options.megabytes * MEGABYTE / options.uploads);
  const [, uploading] = await most(pid, () => Promise.all(Array.from({ length: options.uploads },
    () => upload(balancer.port, bytes))));
  await sleep(BACK_SECONDS * 1000);
  const after = residentBytes(pid);
  console.log([`round ${number}: RSS idle ${mb(idle)} (${(100 * busy).toFixed(1)} % of a core);`,
    `under ${options.connections} connections ${mb(underLoad)} at most, ${mb(measured.resident)} at last,`,
    `${measured.cpu.toFixed(1)} CPU µs/request, p99 ${(measured.p99 / 1000).toFixed(1)} ms (others took`,
    `${(100 * measured.others).toFixed(0)} % of its core);`,
    `uploads: ${mb(beforeUploads)} before, ${mb(uploading)} at most, ${mb(after)} ${BACK_SECONDS} s after`].join(' '));
  await context.processes.stop(balancer.process);
}

async function memory(options, context) {
  const upstreams = await startUpstreams(context);
  for (let number = 1; number <= options.rounds; number++) {
    await round(number, options, upstreams, context);
  }
}

async function main(argv) {
  const options = numbers(argv, { rounds: 3, idle: 15, seconds: 20, connections: 32, uploads: 4, megabytes: 1024 });
  if (options.help) {
    console.log(USAGE);
    return;
  }
  need({ taskset: 'of util-linux, for one core each', wrk: 'for load', nginx: 'as instances' });
  needPointsman();
  const cores = divideCores({});
  await session('bench/memory', options.keep, (context) => memory(options, { ...context, ...cores }));
}

main(process.argv.slice(2)).catch((error) => {
  report('bench/memory', error);
  process.exit(error.exitCode ?? 1);
});
