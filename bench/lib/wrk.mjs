// One run of wrk, with what the proxy's process spent meanwhile.
import { fileURLToPath } from 'node:url';
import { Failure } from './failure.mjs';
import { coreSeconds, cpuSeconds, residentBytes } from './proc.mjs';

const SCRIPT = fileURLToPath(new URL('load.lua', import.meta.url));

/** Errors that wrk counts, and what a reader calls them. */
const ERRORS = {
  status: 'answers that are not 2xx or 3xx', connect: 'connections refused', read: 'broken reads', write: 'broken writes', timeout: 'timeouts',
};

/**
 * Puts load on a proxy for whole seconds.
 *
 * @param load { method, path, octets, connections, pause } with pause the mean wait before each request in ms, 0 for none
 * @returns requests and errors by kind; rate in requests/s; cpu in µs a request; busy as a share of one core; p50, p99 in
 *   µs; resident in octets, at the end; others, the share of the proxy's core that other processes took
 */
export async function measure({ processes, proxyCore, loadCores }, { port, process }, load, seconds) {
  const environment = {};
  if (load.method === 'POST') {
    environment.BENCH_POST = String(load.octets);
  }
  if (load.pause) {
    environment.BENCH_PAUSE = String(load.pause);
  }
  const spent = cpuSeconds(process.pid);
  const worked = coreSeconds(proxyCore);
  const began = performance.now();
  const output = await processes.run('wrk', loadCores, 'wrk', ['-t1', `-c${load.connections}`, `-d${seconds}s`, '--timeout', '10s',
    '-s', SCRIPT, `http://127.0.0.1:${port}${load.path}`], environment);
  const wall = (performance.now() - began) / 1000;
  const cpu = cpuSeconds(process.pid) - spent;
  const others = Math.max(0, coreSeconds(proxyCore) - worked - cpu) / wall;
  const line = output.match(/^BENCH (\{.*\})$/m);
  if (!line) {
    throw new Failure(`wrk reported nothing: ${output.trim()}`);
  }
  const report = JSON.parse(line[1]);
  if (process.ended) {
    throw new Failure('its process ended under load (--keep keeps its log)');
  }
  return {
    requests: report.requests,
    rate: report.requests / (report.us / 1e6),
    cpu: report.requests ? (cpu * 1e6) / report.requests : NaN,
    busy: cpu / wall,
    others,
    p50: report.p50us,
    p99: report.p99us,
    resident: residentBytes(process.pid),
    errors: Object.fromEntries(Object.keys(ERRORS).map((kind) => [kind, report[kind]])),
  };
}

/** Errors in words, '' if there were none. */
export function errorsInWords(errors) {
  return Object.entries(errors).filter(([, count]) => count > 0).map(([kind, count]) => `${count} ${ERRORS[kind]}`).join(', ');
}
