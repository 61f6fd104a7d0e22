// A worker: an instance that responds at once, and requests at a steady rate on so many kept connections. Told { port, rate, connections } it begins,
// told 'end' it says how many were sent and how many failed.
import http from 'node:http';
import { parentPort } from 'node:worker_threads';

const server = http.createServer((request, response) => { request.resume(); response.end('base'); });
let agent;
let sent = 0;
let failed = 0;
let open = 0;
let why = '';
let timer;

function fail(reason) {
  failed++;
  why ||= reason;
}

function send(port) {
  sent++;
  open++;
  const done = () => { open--; };
  http.get({ host: '127.0.0.1', port, path: '/', agent }, (response) => {
    response.resume();
    response.on('close', done);
    if (response.statusCode !== 200) {
      fail(`status ${response.statusCode}`);
    }
  }).on('error', (error) => {
    done();
    fail(error.message);
  });
}

function begin({ port, rate, connections }) {
  agent = new http.Agent({ keepAlive: true, maxSockets: connections });
  let due = performance.now();
  timer = setInterval(() => {
    // What a busy machine held up is not made up for in one burst.
    due = Math.max(due, performance.now() - 20);
    for (const now = performance.now(); due < now; due += 1000 / rate) {
      send(port);
    }
  }, 1);
}

async function end() {
  clearInterval(timer);
  while (open > 0) {
    await new Promise((resolve) => { setTimeout(resolve, 10); });
  }
  agent.destroy();
  const report = { sent, failed, why };
  sent = 0;
  failed = 0;
  why = '';
  parentPort.postMessage(report);
}

parentPort.on('message', (message) => (message === 'end' ? end() : begin(message)));
server.listen(0, '127.0.0.1', () => parentPort.postMessage(server.address().port));
