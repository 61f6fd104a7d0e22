// One request in each of the protocols that proxies are measured in, to see whether what they give is right.
import { connect } from 'node:http2';
import https from 'node:https';
import { Failure } from './failure.mjs';
import { CALL, message } from './grpc.mjs';
import { call } from './http.mjs';

/** What a client speaks to the proxy. Whatever it is, HTTP/1.1 goes on to the upstreams, but for gRPC, and for TCP what came. */
export const PROTOCOLS = {
  http: {},
  tls: { tls: true },
  h2: { tls: true, http2: true },
  h2c: { http2: true },
  grpc: { http2: true },
  tcp: {},
};

const TIMEOUT_MS = 5000;

/** Any name, any authority: the certificate is this run's own. */
const TRUSTING = { rejectUnauthorized: false, minVersion: 'TLSv1.3' };

/** Whether the smallest request of a protocol gets its response. */
export function serves(port, protocol) {
  const load = { ...PROTOCOLS[protocol], method: 'GET', path: '/28', bytes: 28 };
  return respondsRightly(port, protocol === 'grpc' ? { ...load, method: 'GRPC', path: CALL } : load).then(() => true, () => false);
}

/** Fails if a proxy does not give what is asked for: speed at being wrong is not of interest. */
export async function respondsRightly(port, load) {
  const { method, path, bytes } = load;
  const length = { POST: 28, GRPC: message(bytes).length }[method] ?? bytes;
  const expected = `200 and ${length} bytes${method === 'GRPC' ? ', grpc-status 0' : ''}`;
  let got;
  try {
    const response = await one(port, load);
    got = `${response.status} and ${response.length} bytes${method === 'GRPC' ? `, grpc-status ${response.grpcStatus}` : ''}`;
  } catch (error) {
    got = error.message;
  }
  if (got !== expected) {
    throw new Failure(`it responded to ${method} ${path} with ${got} (expected: ${expected})`);
  }
}

function one(port, { method, path, bytes, tls, http2 }) {
  if (http2) {
    return overHttp2(`${tls ? 'https' : 'http'}://127.0.0.1:${port}`, method, path, bytes);
  }
  return tls ? overTls(port, path) : call(method, port, path, method === 'POST' ? Buffer.alloc(bytes, 'y') : undefined);
}

function overTls(port, path) {
  return new Promise((resolve, reject) => {
    const request = https.get({ ...TRUSTING, host: '127.0.0.1', port, path, agent: false, timeout: TIMEOUT_MS }, (response) => {
      let length = 0;
      response.on('data', (data) => { length += data.length; });
      response.on('end', () => resolve({ status: response.statusCode, length }));
      response.on('error', reject);
    });
    request.on('timeout', () => request.destroy(new Error(`no response within ${TIMEOUT_MS} ms`)));
    request.on('error', reject);
  });
}

async function overHttp2(authority, method, path, bytes) {
  const session = connect(authority, TRUSTING);
  try {
    return await new Promise((resolve, reject) => {
      session.on('error', reject);
      const fields = method === 'GRPC' ? { ':method': 'POST', 'content-type': 'application/grpc', te: 'trailers' } : {};
      const stream = session.request({ ':path': path, ...fields }, { endStream: method === 'GET' });
      const response = { length: 0 };
      stream.setTimeout(TIMEOUT_MS, () => reject(new Error(`no response within ${TIMEOUT_MS} ms`)));
      stream.on('response', (got) => { Object.assign(response, { status: got[':status'], grpcStatus: got['grpc-status'] }); });
      stream.on('trailers', (got) => { response.grpcStatus = got['grpc-status']; });
      stream.on('data', (data) => { response.length += data.length; });
      stream.on('end', () => resolve(response));
      stream.on('error', reject);
      if (method === 'GRPC') {
        stream.end(message(bytes));
      }
    });
  } finally {
    session.destroy();
  }
}
