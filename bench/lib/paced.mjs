// A load of so many requests a second, whether responses come or not: who waits for a slow one is counted too.
import http from 'node:http';

const TICK_MS = 1;
const PATIENCE_MS = 5000;

function exchange(agent, port, method, body) {
  return new Promise((resolve, reject) => {
    const path = method === 'GET' ? '/28' : '/post';
    const request = http.request({ host: '127.0.0.1', port, method, path, agent, timeout: PATIENCE_MS }, (response) => {
      response.resume();
      response.on('end', () => (response.statusCode === 200 ? resolve() : reject(new Error(`status ${response.statusCode}`))));
      response.on('error', reject);
    });
    request.on('timeout', () => request.destroy(new Error(`no response within ${PATIENCE_MS} ms`)));
    request.on('error', reject);
    request.end(body);
  });
}

/**
 * GETs and POSTs in turn, with a body of 28 bytes, on kept connections.
 *
 * @returns for each request, in the order in which they were due: { method, second, ms } since it was due, or { error }
 */
export async function paced({ port, rate, seconds }) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 64 });
  const body = 'x'.repeat(28);
  const began = performance.now();
  const all = [];
  const total = rate * seconds;
  await new Promise((resolve) => {
    const timer = setInterval(() => {
      while (all.length < total && began + (all.length * 1000) / rate <= performance.now()) {
        const index = all.length;
        const due = began + (index * 1000) / rate;
        const method = index % 2 === 0 ? 'GET' : 'POST';
        const second = Math.floor(index / rate);
        all.push(exchange(agent, port, method, method === 'GET' ? undefined : body)
          .then(() => ({ method, second, ms: performance.now() - due }), (error) => ({ method, second, error: error.message })));
      }
      if (all.length === total) {
        clearInterval(timer);
        resolve();
      }
    }, TICK_MS);
  });
  const requests = await Promise.all(all);
  agent.destroy();
  return requests;
}

/** The time that 99 of 100 did not exceed; one that failed took for ever. */
export function p99(requests) {
  const sorted = requests.map(({ ms }) => ms ?? Infinity).sort((a, b) => a - b);
  return sorted[Math.ceil(sorted.length * 0.99) - 1];
}
