// One run of wrk, with what the proxy's process spent meanwhile.
import { fileURLToPath } from 'node:url';
import { Failure } from './failure.mjs';
import { coreSeconds, cpuSeconds, residentBytes } from './proc.mjs';

const SCRIPT = fileURLToPath(new URL('load.lua', import.meta.url));

const GONE = 'its process ended (--keep keeps its log)';

/** Bodies beside which heads do not count. */
const LARGE = 1_000_000;

/** Errors that wrk counts, and what a reader calls them. */
const ERRORS = {
  status: 'responses that are not 2xx or 3xx',
  connect: 'connections refused',
  read: 'broken reads',
  write: 'broken writes',
  timeout: 'timeouts',
};

/**
 * Puts load on a proxy for whole seconds.
 *
 * @param load { method, path, bytes, connections, pause } with pause the mean wait before each request in ms, 0 for none
 * @returns requests and errors by kind; rate in requests/s; cpu in µs a request; busy as a share of one core; p50, p99 in
 *   µs; resident in bytes, at the end; others, the share of the proxy's core that other processes took
 */
export async function measure({ processes, proxyCore, loadCores }, { port, process }, load, seconds) {
  const environment = {};
  if (load.method === 'POST') {
    environment.BENCH_POST = String(load.bytes);
  }
  if (load.pause) {
    environment.BENCH_PAUSE = String(load.pause);
  }
  const spent = cpuSeconds(process.pid);
  const worked = coreSeconds(proxyCore);
  const began = performance.now();
  const output = await whileItRuns(process, () => processes.run('wrk', loadCores, 'wrk', [
    '-t1', `-c${load.connections}`, `-d${seconds}s`, '--timeout', '10s', '-s', SCRIPT, `http://127.0.0.1:${port}${load.path}`,
  ], environment));
  const wall = (performance.now() - began) / 1000;
  const cpu = cpuSeconds(process.pid) - spent;
  const others = Math.max(0, coreSeconds(proxyCore) - worked - cpu) / wall;
  const line = output.match(/^BENCH (\{.*\})$/m);
  if (!line) {
    throw new Failure(`wrk reported nothing: ${output.trim()}`);
  }
  const report = JSON.parse(line[1]);
  const requests = responses(report, load);
  return {
    requests,
    rate: requests / (report.us / 1e6),
    cpu: requests ? (cpu * 1e6) / requests : NaN,
    busy: cpu / wall,
    others,
    p50: report.p50us,
    p99: report.p99us,
    resident: residentBytes(process.pid),
    errors: Object.fromEntries(Object.keys(ERRORS).map((kind) => [kind, report[kind]])),
  };
}

/** Whatever wrk makes of it: if the proxy's process is gone, that is what happened. */
async function whileItRuns(process, work) {
  const done = await work().catch((error) => {
    throw process.ended ? new Failure(GONE) : error;
  });
  if (process.ended) {
    throw new Failure(GONE);
  }
  return done;
}

/** Requests that got a response. Of large responses those under way at the end count too, for what arrived of them. */
function responses({ requests, bytes }, load) {
  return load.method === 'GET' && load.bytes >= LARGE ? bytes / load.bytes : requests;
}

/** Errors in words, '' if there were none. */
export function errorsInWords(errors) {
  return Object.entries(errors).filter(([, count]) => count > 0).map(([kind, count]) => `${count} ${ERRORS[kind]}`).join(', ');
}
