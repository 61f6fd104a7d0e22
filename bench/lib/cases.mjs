// The cases: method, size of the body, connections; and half load, for latency.
import { SIZES } from './upstreams.mjs';

const CONNECTIONS = [32, 512];

/** Connections at half load: many enough that each may pause for longer than the millisecond of wrk's clock. */
const HALF_CONNECTIONS = 128;

const saturated = ['GET', 'POST'].flatMap((method) => Object.entries(SIZES).flatMap(([size, octets]) => CONNECTIONS.map((connections) => ({
  name: `${method.toLowerCase()}-${size}-${connections}`,
  title: `${method}, ${inWords(size)}, ${connections} connections`,
  load: { method, octets, connections, path: method === 'GET' ? `/${size}` : '/post', pause: 0 },
}))));

const half = ['28', '10k'].map((size) => ({
  name: `half-${size}`,
  title: `Half load: GET, ${inWords(size)}, ${HALF_CONNECTIONS} connections`,
  half: true,
  size,
  load: { method: 'GET', octets: SIZES[size], connections: HALF_CONNECTIONS, path: `/${size}`, pause: 0 },
}));

function inWords(size) {
  return size.replace(/^(\d+)$/, '$1 B').replace('k', ' KB').replace('m', ' MB');
}

export const CASES = [...saturated, ...half];

/** What `--quick` runs. */
export const QUICK = ['get-28-32', 'get-10k-32', 'get-1m-32', 'post-10k-32', 'half-28'];
