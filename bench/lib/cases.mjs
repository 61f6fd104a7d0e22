// The cases: method, size of the body, connections; and half load, for latency.
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
    load,
  };
}

function half(size) {
  const load = { method: 'GET', bytes: SIZES[size], connections: HALF_CONNECTIONS, path: `/${size}`, pause: 0 };
  const title = `Half load: GET, ${inWords(size)}, ${HALF_CONNECTIONS} connections`;
  return { name: `half-${size}`, title, seconds: 3, half: true, size, load };
}

function inWords(size) {
  return size.replace(/^(\d+)$/, '$1 B').replace('k', ' KB').replace('m', ' MB');
}

export const CASES = [
  ...['GET', 'POST'].flatMap((method) =>
    Object.keys(SIZES).flatMap((size) => CONNECTIONS.map((connections) => saturated(method, size, connections)))),
  half('28'),
  half('10k'),
];

/** What `--quick` runs. */
export const QUICK = ['get-28-32', 'get-10k-32', 'post-10k-32', 'half-28'];
