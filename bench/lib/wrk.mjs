// Load in HTTP/1.1, in clear text or over TLS: wrk.
import { fileURLToPath } from 'node:url';
import { clientEnvironment } from './certificate.mjs';
import { Failure } from './failure.mjs';

const SCRIPT = fileURLToPath(new URL('load.lua', import.meta.url));

/** Bodies beside which heads do not count. */
const LARGE = 1_000_000;

const ERRORS = ['status', 'connect', 'read', 'write', 'timeout'];

/** As `measure` has it. */
export async function wrk({ temp, processes, loadCores }, port, load, seconds) {
  const environment = load.tls ? clientEnvironment(temp) : {};
  if (load.method === 'POST') {
    environment.BENCH_POST = String(load.bytes);
  }
  if (load.pause) {
    environment.BENCH_PAUSE = String(load.pause);
  }
  const output = await processes.run('wrk', loadCores, 'wrk', [
    '-t1', `-c${load.connections}`, `-d${seconds}s`, '--timeout', '10s', '-s', SCRIPT,
    `${load.tls ? 'https' : 'http'}://127.0.0.1:${port}${load.path}`,
  ], environment);
  const line = output.match(/^BENCH (\{.*\})$/m);
  if (!line) {
    throw new Failure(`wrk reported nothing: ${output.trim()}`);
  }
  const report = JSON.parse(line[1]);
  return {
    requests: responses(report, load),
    us: report.us,
    p50: report.p50us,
    p99: report.p99us,
    errors: Object.fromEntries(ERRORS.map((kind) => [kind, report[kind]])),
  };
}

/** Requests that got a response. Of large responses those under way at the end count too, for what arrived of them. */
function responses({ requests, bytes }, load) {
  return load.method === 'GET' && load.bytes >= LARGE ? bytes / load.bytes : requests;
}
