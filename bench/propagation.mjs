#!/usr/bin/env node
// How fast does a balancer follow its registry? Registers an instance (a server in this process), sends requests
// through the balancer without a pause, and notes when the first one arrives at the new instance; then deregisters it
// and notes when the last one arrived.
//
// usage: propagation.mjs [--registry http://127.0.0.1:8500] [--balancer http://127.0.0.1:8080] [--path /api/x]
//                        [--tag api-service] [--rounds 20] [--clients 4]
import http from 'node:http';

const options = {
  registry: 'http://127.0.0.1:8500',
  balancer: 'http://127.0.0.1:8080',
  path: '/api/x',
  tag: 'api-service',
  rounds: '20',
  clients: '4',
};
for (let i = 2; i < process.argv.length; i += 2) {
  const key = process.argv[i].replace(/^--/, '');
  if (!(key in options) || process.argv[i + 1] === undefined) {
    console.error(`propagation: ${process.argv[i]} (expected one of: ${Object.keys(options).map((k) => '--' + k).join(', ')}, each with a value)`);
    process.exit(2);
  }
  options[key] = process.argv[i + 1];
}

const agent = new http.Agent({ keepAlive: true });
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const now = () => performance.now();

function call(method, url, body) {
  return new Promise((resolve, reject) => {
    const request = http.request(url, { method, agent }, (response) => {
      response.resume();
      response.on('end', () => resolve(response.statusCode));
    });
    request.on('error', reject);
    request.end(body);
  });
}

async function instance(name) {
  const arrivals = [];
  const server = http.createServer((request, response) => {
    if (request.url !== '/health') arrivals.push(now());
    response.end(name);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  const id = `${options.tag}-propagation-${port}`;
  return {
    arrivals,
    close: () => { server.close(); server.closeAllConnections(); },
    register: () => call('PUT', `${options.registry}/v1/agent/service/register`, JSON.stringify({
      ID: id, Name: options.tag, Tags: [options.tag], Address: '127.0.0.1', Port: port,
      Check: { HTTP: `http://127.0.0.1:${port}/health`, Interval: '10s', Timeout: '1s', Status: 'passing' },
    })),
    deregister: () => call('PUT', `${options.registry}/v1/agent/service/deregister/${encodeURIComponent(id)}`),
  };
}

let running = true;
let failed = 0;
async function client() {
  while (running) {
    try {
      if ((await call('GET', options.balancer + options.path)) !== 200) failed++;
    } catch {
      failed++;
    }
  }
}

function row(name, samples) {
  const sorted = [...samples].sort((a, b) => a - b);
  const at = (q) => sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))].toFixed(1).padStart(7);
  console.log(`${name.padEnd(42)} ${at(0)} ${at(0.5)} ${at(0.9)} ${at(1)}   n=${sorted.length}`);
}

const base = await instance('base');
await base.register();
await sleep(500);
const clients = Array.from({ length: Number(options.clients) }, client);
const fromSending = [];
const fromResponse = [];
const lastAfterResponse = [];
for (let round = 0; round < Number(options.rounds); round++) {
  const fresh = await instance(`round ${round}`);
  const sent = now();
  const status = await fresh.register();
  const responded = now();
  if (status !== 200) throw new Error(`the registry responded ${status}`);
  for (let waited = 0; fresh.arrivals.length === 0 && waited < 5000; waited += 1) await sleep(1);
  if (fresh.arrivals.length === 0) throw new Error('no request within 5 s of the registration');
  fromSending.push(fresh.arrivals[0] - sent);
  fromResponse.push(Math.max(0, fresh.arrivals[0] - responded));
  await sleep(100);
  await fresh.deregister();
  const left = now();
  await sleep(400);
  lastAfterResponse.push(Math.max(0, fresh.arrivals[fresh.arrivals.length - 1] - left));
  fresh.close();
}
running = false;
await Promise.all(clients);
await base.deregister();
base.close();
agent.destroy();
console.log(`${'ms'.padEnd(42)}     min  median     p90     max`);
row('register sent -> first request', fromSending);
row('register responded -> first request', fromResponse);
row('deregister responded -> last request', lastAfterResponse);
console.log(`requests that failed: ${failed}`);
process.exit(failed === 0 ? 0 : 1);
