// bench/reloads: a balancer with many routes reads them again and again, each time all of them changed, while requests run
// whose every response is checked.
import http from 'node:http';
import { renameSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Failure } from './failure.mjs';
import { numbers } from './flags.mjs';
import { responds } from './http.mjs';
import { freePorts } from './ports.mjs';
import { until } from './processes.mjs';
import { need, report, session } from './session.mjs';
import { needPointsman } from './watched.mjs';
import { frontDoor } from '../peers/pointsman.mjs';

const USAGE = `Usage: bench/reloads [--routes 10000] [--reloads 50] [--rate 200] [--pause 200] [--keep]

Starts a balancer with so many routes, and has it read them again so many times, each time every route changed: one reload after
the other, with a pause of so many milliseconds between them. Meanwhile so many requests a second run, each by another route.
Prints how long reloads took, from the request for one to the response that it is in force, and how long requests that ran
meanwhile took beside those that ran in the pauses. Fails if any response is not by the table before or after its request.`;

const TOKEN = 'a-token-for-this-run';
/** Reloads by which a JVM has compiled what they need. */
const COLD = 10;

/** For how long requests run before the first reload: what a cold JVM costs is another question. */
const WARM_MS = 5000;

const path = (n) => `/team-${n % 100}/service-${n}`;

function write(file, port, routes, version) {
  const lines = [`admin-token: ${TOKEN}`, 'register: false', 'route:'];
  for (let n = 0; n < routes; n++) {
    lines.push(`  ${path(n)}: {to: "http://127.0.0.1:${port}", add-prefix: /v${version}}`);
  }
  // Never half a file: the balancer watches it.
  writeFileSync(`${file}.new`, lines.join('\n'));
  renameSync(`${file}.new`, file);
}

/** Sends a request on a kept connection; gives the status and the body. */
function send(agent, options, body) {
  return new Promise((resolve, reject) => {
    const request = http.request({ host: '127.0.0.1', agent, timeout: 30_000, ...options }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (data) => { text += data; });
      response.on('end', () => resolve({ status: response.statusCode, text }));
      response.on('error', reject);
    });
    request.on('timeout', () => request.destroy(new Failure('no response within 30 s')));
    request.on('error', reject);
    request.end(body);
  });
}

/** An upstream that responds with the path that it was asked for. */
async function startUpstream() {
  const server = http.createServer((request, response) => { request.resume(); response.end(request.url); });
  await new Promise((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  return server;
}

/** Requests at a rate, whether or not earlier ones have their response; each noted with its times. */
class Requests {
  sent = [];
  #agent = new http.Agent({ keepAlive: true, maxSockets: 64 });
  #next = 0;

  constructor(port, routes, version) {
    this.port = port;
    this.routes = routes;
    this.version = version;
  }

  start(rate) {
    let due = performance.now();
    this.timer = setInterval(() => {
      for (const now = performance.now(); due < now; due += 1000 / rate) {
        this.sent.push(this.#one());
      }
    }, 1);
  }

  async #one() {
    const wanted = path(this.#next++ * 7919 % this.routes);
    const before = this.version();
    const began = performance.now();
    const { status, text } = await send(this.#agent, { port: this.port, path: wanted })
      .catch((error) => ({ status: 0, text: error.message }));
    const ended = performance.now();
    const version = Number(/^\/v(\d+)\//.exec(text)?.[1]);
    const right = status === 200 && text.endsWith(wanted) && version >= before - 1 && version <= this.version();
    return { began, ended, wrong: right ? null : `${wanted}: ${status} ${text}` };
  }

  async end() {
    clearInterval(this.timer);
    const all = await Promise.all(this.sent);
    this.#agent.destroy();
    return all;
  }
}

const quantile = (sorted, q) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))];

function times(title, values) {
  const sorted = [...values].sort((one, other) => one - other);
  const shown = [['median', 0.5], ['p99', 0.99], ['largest', 1]].map(([name, q]) => `${name} ${quantile(sorted, q).toFixed(1)} ms`);
  console.log(`${title} (${sorted.length}): ${shown.join(', ')}`);
}

async function reloads(options, context) {
  const [port, admin] = await freePorts(2);
  const file = join(context.temp, 'balancer.yaml');
  const upstream = await startUpstream();
  const upstreamPort = upstream.address().port;
  let version = 1;
  write(file, upstreamPort, options.routes, version);
  // On all cores, as reading the file is not what the event loops do.
  const balancer = context.processes.start('balancer', `0-${cpus().length - 1}`, frontDoor,
    ['balancer', '--config', file, '--port', String(port), '--admin', `127.0.0.1:${admin}`]);
  await until(balancer, 'it was ready', () => responds(admin, '/health/ready'), 120);
  const agent = new http.Agent({ keepAlive: true });
  const requests = new Requests(port, options.routes, () => version);
  requests.start(options.rate);
  await sleep(WARM_MS);
  const took = [];
  const periods = [];
  for (let n = 0; n < options.reloads; n++) {
    await sleep(options.pause);
    version++;
    write(file, upstreamPort, options.routes, version);
    const began = performance.now();
    const { status, text } = await send(agent, {
      port: admin, method: 'POST', path: '/api/reload', headers: { Authorization: `Bearer ${TOKEN}` },
    });
    if (status !== 200) {
      throw new Failure(`a reload responded ${status}: ${text.slice(0, 200)}`);
    }
    const ended = performance.now();
    took.push(ended - began);
    periods.push({ began, ended });
  }
  await sleep(options.pause);
  const all = await requests.end();
  upstream.close();
  upstream.closeAllConnections();
  agent.destroy();
  await context.processes.stop(balancer);
  console.log(`the first ${COLD} reloads of ${options.routes} routes: ${took.slice(0, COLD).map((each) => each.toFixed(0)).join(', ')} ms`);
  if (took.length > COLD) {
    times('the others', took.slice(COLD));
  }
  const warm = all.filter(({ began }) => began > periods[Math.min(COLD, periods.length - 1)].began);
  const isMeanwhile = ({ began, ended }) => periods.some((period) => began < period.ended && ended > period.began);
  times('requests that ran during those', warm.filter(isMeanwhile).map(({ began, ended }) => ended - began));
  times('requests in the pauses', warm.filter((each) => !isMeanwhile(each)).map(({ began, ended }) => ended - began));
  const wrong = all.filter((each) => each.wrong);
  console.log(`${all.length} requests, ${wrong.length} with a wrong response${wrong.length > 0 ? `; the first: ${wrong[0].wrong}` : ''}`);
  return wrong.length > 0 ? 1 : 0;
}

async function main(argv) {
  const options = numbers(argv, { routes: 10_000, reloads: 50, rate: 200, pause: 200 });
  if (options.help) {
    console.log(USAGE);
    return;
  }
  need({ taskset: 'of util-linux, for one core each' });
  needPointsman();
  await session('bench/reloads', options.keep, (context) => reloads(options, context));
}

main(process.argv.slice(2)).catch((error) => {
  report('bench/reloads', error);
  process.exit(error.exitCode ?? 1);
});
