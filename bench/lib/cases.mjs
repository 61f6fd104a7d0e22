// The cases: protocol, method, size of the body, connections; and half load, for latency.
import { CALL } from './grpc.mjs';
import { PROTOCOLS } from './requests.mjs';
import { SIZES } from './upstreams.mjs';

const CONNECTIONS = [32, 512];

/** Connections at half load: many enough that each pauses for far longer than a request takes. */
const HALF_CONNECTIONS = 256;

/**
 * Seconds of one measurement: more for what everybody looks at, and where as many large bodies are under way that the first
 * of them take a good part of it.
 */
function seconds({ method, bytes, connections }) {
  const manyLarge = bytes > 100_000 && connections > 32;
  const headline = method === 'GET' && bytes < 100_000 && connections === 32;
  return manyLarge || headline ? 3 : 2;
}

function saturated(method, size, connections) {
  const load = { method, bytes: SIZES[size], connections, path: method === 'GET' ? `/${size}` : '/post', pause: 0 };
  return {
    name: `${method.toLowerCase()}-${size}-${connections}`,
    title: `${method}, ${inWords(size)}, ${connections} connections`,
    seconds: seconds(load),
    protocol: 'http',
    load,
  };
}

function half(size) {
  const load = { method: 'GET', bytes: SIZES[size], connections: HALF_CONNECTIONS, path: `/${size}`, pause: 0 };
  const title = `Half load: GET, ${inWords(size)}, ${HALF_CONNECTIONS} connections`;
  return { name: `half-${size}`, title, seconds: 3, half: true, size, protocol: 'http', load };
}

/** What clients speak, for titles. */
const SPOKEN = { tls: 'TLS 1.3', h2: 'HTTP/2 over TLS 1.3', h2c: 'HTTP/2 in clear text', grpc: 'gRPC', tcp: 'TCP' };

/** A case of 3 s in another protocol than HTTP/1.1 in clear text. */
function spoken(protocol, name, title, load) {
  return { name: `${protocol}-${name}`, title: `${SPOKEN[protocol]}: ${title}`, seconds: 3, protocol, load: { ...PROTOCOLS[protocol], pause: 0, ...load } };
}

const overHttp1 = (protocol, size) => spoken(protocol, `${size}-32`, `GET, ${inWords(size)}, 32 connections`,
  { method: 'GET', bytes: SIZES[size], connections: 32, path: `/${size}` });

const overHttp2 = (protocol, size) => spoken(protocol, size, `GET, ${inWords(size)}, 32 connections with 10 streams each`,
  { tool: 'h2load', method: 'GET', bytes: SIZES[size], connections: 32, streams: 10, path: `/${size}` });

/** Of gRPC, the bytes of the message in each direction. */
export const GRPC_BYTES = 28;

const OTHER_PROTOCOLS = [
  overHttp1('tls', '28'),
  overHttp1('tls', '10k'),
  {
    ...spoken('tls', 'handshake', 'a full handshake, 4 clients', { tool: 'handshakes', method: 'TLS', bytes: 0, connections: 4, path: 'handshake' }),
    unit: 'handshake',
    // What a handshake runs is not compiled by what comes after it.
    warm: 0.5,
  },
  ...['h2', 'h2c'].flatMap((protocol) => ['28', '10k'].map((size) => overHttp2(protocol, size))),
  spoken('grpc', '28', `a unary call, ${GRPC_BYTES} B each way, 32 connections with 10 streams each`,
    { tool: 'h2load', method: 'GRPC', bytes: GRPC_BYTES, connections: 32, streams: 10, path: CALL }),
  overHttp1('tcp', '28'),
  overHttp1('tcp', '10k'),
];

function inWords(size) {
  return size.replace(/^(\d+)$/, '$1 B').replace('k', ' KB').replace('m', ' MB');
}

export const CASES = [
  ...['GET', 'POST'].flatMap((method) =>
    Object.keys(SIZES).flatMap((size) => CONNECTIONS.map((connections) => saturated(method, size, connections)))),
  half('28'),
  half('10k'),
  ...OTHER_PROTOCOLS,
];

/** What `--quick` runs. */
export const QUICK = ['get-28-32', 'get-10k-32', 'post-10k-32', 'half-28'];
