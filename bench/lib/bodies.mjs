// bench/bodies: large bodies through the balancer while one side is slow, with the balancer's memory watched.
import { createServer, request as newRequest } from 'node:http';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { divideCores } from './cores.mjs';
import { Failure } from './failure.mjs';
import { numbers } from './flags.mjs';
import { responds } from './http.mjs';
import { residentBytes } from './proc.mjs';
import { until } from './processes.mjs';
import { need, report, session } from './session.mjs';
import { mb, needPointsman, startWatched } from './watched.mjs';

const USAGE = `Usage: bench/bodies [--megabytes 1024] [--slow-seconds 5] [--heap 256] [--keep]

Sends large bodies through a balancer, counted and chunked: uploads to an upstream that does not read for some seconds, and
downloads by a client that reads 1 MB a second for as long. Prints how far the balancer's resident and direct memory grew
at most, and how far the sender got ahead of the receiver meanwhile (kernel's buffers included). Fails if a body did not
arrive whole.`;

const MEGABYTE = 1 << 20;
const BLOCK = Buffer.alloc(256 * 1024, 'z');
const SLOW_RATE = MEGABYTE;

/** Writes a body block by block, as the other side takes it. */
async function write(stream, bytes, progress) {
  for (let left = bytes; left > 0; left -= BLOCK.length) {
    const block = left < BLOCK.length ? BLOCK.subarray(0, left) : BLOCK;
    const room = stream.write(block);
    progress.sent += block.length;
    if (!room) {
      await once(stream, 'drain');
    }
  }
  stream.end();
}

/** Counts a body to its end; in the slow time it reads at a rate in bytes a second, or with 0 not at all. */
async function read(stream, slowSeconds, rate, progress) {
  const end = performance.now() + slowSeconds * 1000;
  if (rate === 0) {
    await sleep(slowSeconds * 1000);
  }
  for await (const block of stream) {
    progress.received += block.length;
    const slow = end - performance.now();
    if (slow > 0) {
      await sleep(Math.min(slow, (block.length / rate) * 1000));
    }
  }
}

/** An upstream in this process: takes uploads slowly at first, gives downloads as fast as they are taken. */
async function startUpstream() {
  const state = { progress: undefined, slowSeconds: 0 };
  const upstream = createServer({ requestTimeout: 0 }, (request, response) => {
    const [, way, framing, bytes] = request.url.split('/');
    if (way === 'upload') {
      read(request, state.slowSeconds, 0, state.progress).then(() => response.end(), () => response.destroy());
    } else if (way === 'download') {
      response.writeHead(200, framing === 'counted' ? { 'content-length': bytes } : {});
      write(response, Number(bytes), state.progress).catch(() => response.destroy());
    } else {
      response.end();
    }
  });
  upstream.listen(0, '127.0.0.1');
  await once(upstream, 'listening');
  return Object.assign(state, { port: upstream.address().port });
}

/** Begins to send one body through the balancer; `done` tells its end. */
function transfer(port, upstream, { way, framing, bytes, slowSeconds }) {
  const progress = { sent: 0, received: 0 };
  Object.assign(upstream, { progress, slowSeconds });
  const upload = way === 'upload';
  const headers = upload && framing === 'counted' ? { 'content-length': bytes } : {};
  const method = upload ? 'POST' : 'GET';
  const path = `/${way}/${framing}/${bytes}`;
  const request = newRequest({ host: '127.0.0.1', port, agent: false, method, path, headers });
  const responded = once(request, 'response');
  const sending = upload ? write(request, bytes, progress) : Promise.resolve(request.end());
  const finished = responded.then(async ([response]) => {
    if (response.statusCode !== 200) {
      throw new Failure(`the balancer responded ${response.statusCode}`);
    }
    await (upload ? response.resume() && once(response, 'end') : read(response, slowSeconds, SLOW_RATE, progress));
  });
  return { progress, done: Promise.all([sending, finished]) };
}

/** Samples memory until the work is done: resident often, direct as often as jcmd allows. */
async function watch(balancer, base, { progress, done }) {
  const peak = { resident: 0, direct: 0, ahead: 0 };
  let over = false;
  const often = async () => {
    while (!over) {
      peak.resident = Math.max(peak.resident, residentBytes(balancer.process.pid) - base.resident);
      peak.ahead = Math.max(peak.ahead, progress.sent - progress.received);
      await sleep(50);
    }
  };
  const atTimes = async () => {
    while (!over) {
      peak.direct = Math.max(peak.direct, await balancer.jvm.direct() - base.direct);
      await sleep(200);
    }
  };
  const watching = [often(), atTimes()];
  try {
    await done;
  } finally {
    over = true;
    await Promise.all(watching);
  }
  return peak;
}

async function bodies(options, context) {
  const upstream = await startUpstream();
  const balancer = await startWatched(context, {
    heap: options.heap,
    upstreams: [upstream.port],
    // With the heap resident from the beginning, growth is what is taken outside of it.
    jvmOptions: [`-Xms${options.heap}m`, '-XX:+AlwaysPreTouch', '-XX:NativeMemoryTracking=summary'],
  });
  await until(balancer.process, 'it responded', () => responds(balancer.port, '/'));
  const bytes = options.megabytes * MEGABYTE;
  const kinds = ['upload', 'download'].flatMap((way) => ['counted', 'chunked'].map((framing) => ({ way, framing, bytes })));
  // Code gets compiled and pools get their first chunks: that is no growth by slowness.
  for (const kind of kinds) {
    await transfer(balancer.port, upstream, { ...kind, bytes: Math.ceil(bytes / 4), slowSeconds: 0 }).done;
  }
  const base = { resident: residentBytes(balancer.process.pid), direct: await balancer.jvm.direct() };
  console.log(`before, after a quarter of it each way at full speed: RSS ${mb(base.resident)}, direct ${mb(base.direct)}`);
  for (const kind of kinds) {
    const began = performance.now();
    const running = transfer(balancer.port, upstream, { ...kind, slowSeconds: options['slow-seconds'] });
    const peak = await watch(balancer, base, running);
    if (running.progress.received !== bytes) {
      throw new Failure(`${running.progress.received} bytes arrived (expected: ${bytes})`);
    }
    const seconds = (performance.now() - began) / 1000;
    console.log(`${kind.way}, ${kind.framing}: ${mb(bytes)} in ${seconds.toFixed(1)} s; peak growth: `
      + `RSS ${mb(peak.resident)}, direct ${mb(peak.direct)}; sender ahead by ${mb(peak.ahead)} at most`);
  }
}

async function main(argv) {
  const options = numbers(argv, { megabytes: 1024, 'slow-seconds': 5, heap: 256 });
  if (options.help) {
    console.log(USAGE);
    return;
  }
  need({ taskset: 'of util-linux, for one core each' });
  needPointsman();
  const cores = divideCores({});
  await session('bench/bodies', options.keep, (context) => bodies(options, { ...context, ...cores }));
}

main(process.argv.slice(2)).catch((error) => {
  report('bench/bodies', error);
  process.exit(error.exitCode ?? 1);
});
