// One load on a proxy, with what the proxy's process spent meanwhile.
import { Failure } from './failure.mjs';
import { fullHandshakes } from './handshakes.mjs';
import { h2load } from './h2load.mjs';
import { coreSeconds, cpuSeconds, residentBytes } from './proc.mjs';
import { wrk } from './wrk.mjs';

/** What puts load on a proxy; each gives { requests, us, p50, p99, errors }. */
const TOOLS = { wrk, h2load, handshakes: fullHandshakes };

const GONE = 'its process ended (--keep keeps its log)';

/** Errors that the tools count, and what a reader calls them. */
const ERRORS = {
  status: 'responses that are not 2xx or 3xx',
  connect: 'connections refused',
  read: 'broken reads',
  write: 'broken writes',
  timeout: 'timeouts',
  short: 'responses without their body',
};

/**
 * Puts load on a proxy for whole seconds.
 *
 * @param load { tool, method, path, bytes, connections, streams, tls, pause } with tool wrk if none is named, and pause the mean wait before
 *   each request in ms, 0 for none
 * @returns requests and errors by kind; rate in requests/s; cpu in µs a request; busy as a share of one core; p50, p99 in
 *   µs; resident in bytes, at the end; others, the share of the proxy's core that other processes took
 */
export async function measure(context, { port, process }, load, seconds) {
  const { proxyCore } = context;
  const spent = cpuSeconds(process.pid);
  const worked = coreSeconds(proxyCore);
  const began = performance.now();
  const { requests, us, p50, p99, errors } = await whileItRuns(process, () => TOOLS[load.tool ?? 'wrk'](context, port, load, seconds));
  const wall = (performance.now() - began) / 1000;
  const cpu = cpuSeconds(process.pid) - spent;
  const others = Math.max(0, coreSeconds(proxyCore) - worked - cpu) / wall;
  return {
    requests,
    rate: requests / (us / 1e6),
    cpu: requests ? (cpu * 1e6) / requests : NaN,
    busy: cpu / wall,
    others,
    p50,
    p99,
    resident: residentBytes(process.pid),
    errors,
  };
}

/** Whatever a tool makes of it: if the proxy's process is gone, that is what happened. */
async function whileItRuns(process, work) {
  const done = await work().catch((error) => {
    throw process.ended ? new Failure(GONE) : error;
  });
  if (process.ended) {
    throw new Failure(GONE);
  }
  return done;
}

/** Errors in words, '' if there were none. */
export function errorsInWords(errors) {
  return Object.entries(errors).filter(([, count]) => count > 0).map(([kind, count]) => `${count} ${ERRORS[kind]}`).join(', ');
}
