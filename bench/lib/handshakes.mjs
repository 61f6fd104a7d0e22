// Full handshakes of TLS, one after the other without a session, by several at a time: openssl s_time.
import { CIPHER_SUITE } from './certificate.mjs';
import { Failure } from './failure.mjs';

/** As `measure` has it, with a handshake for a request: the connection ends behind it. It has no latencies. */
export async function fullHandshakes({ processes, loadCores }, port, { connections }, seconds) {
  const began = performance.now();
  const outputs = await Promise.all(Array.from({ length: connections }, () => processes.run('openssl', loadCores, 'openssl', [
    's_time', '-connect', `127.0.0.1:${port}`, '-new', '-time', `${seconds}`, '-tls1_3', '-ciphersuites', CIPHER_SUITE,
  ])));
  const us = (performance.now() - began) * 1000;
  const requests = outputs.map(connectionsMade).reduce((sum, each) => sum + each, 0);
  return { requests, us, p50: NaN, p99: NaN, errors: {} };
}

function connectionsMade(output) {
  const found = output.match(/^(\d+) connections in \d+ real seconds/m);
  if (!found) {
    throw new Failure(`openssl s_time reported nothing: ${output.trim().split('\n').slice(-3).join(' / ')}`);
  }
  return Number(found[1]);
}
