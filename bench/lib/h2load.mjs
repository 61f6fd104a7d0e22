// Load in HTTP/2, in clear text or over TLS, and calls of gRPC: h2load.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CIPHER_SUITE, GROUP } from './certificate.mjs';
import { Failure } from './failure.mjs';
import { message } from './grpc.mjs';

/**
 * By how many seconds h2load may outlast the time of a measurement. At the end of that time it stops those connections that are made; one
 * whose handshake takes longer, as with a JVM that has just started, would go on for ever.
 */
const PATIENCE = 10;

/** As `measure` has it. Of each request there is a line in a file, by which the percentiles are told: h2load tells none itself. */
export async function h2load({ temp, processes, loadCores }, port, load, seconds) {
  const log = join(temp, 'h2load.log');
  rmSync(log, { force: true });
  const output = await processes.run('h2load', loadCores, 'timeout', [
    `${seconds + PATIENCE}`, 'h2load',
    '-t1', `-c${load.connections}`, `-m${load.streams}`, `-D${seconds}`, '--log-file', log, ...call(temp, load),
    ...(load.tls ? ['--tls13-ciphers', CIPHER_SUITE, '--groups', GROUP] : []),
    `${load.tls ? 'https' : 'http'}://127.0.0.1:${port}${load.path}`,
  ]);
  const seen = numbers(output, /^requests: .*?(\d+) done, (\d+) succeeded, (\d+) failed, (\d+) errored, (\d+) timeout/m);
  const status = numbers(output, /^status codes: (\d+) 2xx, (\d+) 3xx, (\d+) 4xx, (\d+) 5xx/m);
  const [data] = numbers(output, /^traffic: .*\((\d+)\) data/m);
  const [requests, , , errored, timeout] = seen;
  const times = readFileSync(log, 'utf8').split('\n').filter(Boolean).map((line) => Number(line.split('\t')[2])).sort((a, b) => a - b);
  const expected = load.method === 'GRPC' ? message(load.bytes).length : load.bytes;
  return {
    requests,
    us: seconds * 1e6,
    p50: percentile(times, 0.5),
    p99: percentile(times, 0.99),
    // A call that failed has a status of 200 too, and no message.
    errors: { status: status[2] + status[3], read: errored, timeout, short: Math.max(0, requests - Math.ceil(data / expected)) },
  };
}

/** What makes a request a call of gRPC; nothing for a GET. */
function call(temp, { method, bytes }) {
  if (method !== 'GRPC') {
    return [];
  }
  const body = join(temp, 'call.bin');
  writeFileSync(body, message(bytes));
  return ['-d', body, '-H', 'content-type: application/grpc', '-H', 'te: trailers'];
}

function numbers(output, pattern) {
  const found = output.match(pattern);
  if (!found) {
    throw new Failure(`h2load reported nothing: ${output.trim().split('\n').slice(-3).join(' / ')}`);
  }
  return found.slice(1).map(Number);
}

/** NaN of nothing. */
const percentile = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
