// bench/observation: what it costs a request to be counted, logged and traced.
import { writeFileSync } from 'node:fs';
import http from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { divideCores } from './cores.mjs';
import { Failure } from './failure.mjs';
import { numbers } from './flags.mjs';
import { responds } from './http.mjs';
import { Jvm } from './jvm.mjs';
import { freePorts } from './ports.mjs';
import { until } from './processes.mjs';
import { median } from './interval.mjs';
import { need, report, session } from './session.mjs';
import { markdown } from './table.mjs';
import { startUpstreams } from './upstreams.mjs';
import { needPointsman } from './watched.mjs';
import { errorsInWords, measure } from './measure.mjs';
import { frontDoor } from '../peers/pointsman.mjs';

const USAGE = `Usage: bench/observation [--rounds 5] [--turns 8] [--seconds 2] [--warm 20] [--connections 32] [--keep]

Has one balancer forward GETs of 28 bytes on one core, as fast as it can, without metrics, with them, with an access log, with
traces. The ways take turns of so many seconds in one process, switched by a reload, a fresh process in each round. Prints the CPU
time of a request, what it allocates, and the ratios of its CPU time to that of the turns beside it without any of it, and with
metrics alone: the median of a round's turns, then median, lowest and highest of the rounds.`;

const TOKEN = 'bench-observation-token';
const LOAD = { method: 'GET', path: '/28', bytes: 28 };

/** The ways, each with its settings; the first two are what the others are held against. */
const WAYS = [
  { title: 'nothing', settings: { metrics: 'false' } },
  { title: 'metrics (the default)', settings: {} },
  { title: 'metrics, access log (combined) to a file', settings: { 'access-log': 'LOG', 'access-log-format': 'combined' } },
  { title: 'metrics, access log (json) to a file', settings: { 'access-log': 'LOG', 'access-log-format': 'json' } },
  {
    title: 'metrics, 1 % of the requests traced',
    settings: { tracing: 'true', 'trace-sample': '0.01' },
    // What is done for one request in a hundred would be compiled for minutes.
    warmedBy: { tracing: 'true', 'trace-sample': '1' },
  },
];

function configuration(context, { settings }) {
  const own = Object.entries(settings).map(([key, value]) => `${key}: ${value === 'LOG' ? join(context.temp, 'access.log') : value}`);
  const upstreams = context.upstreams.map((port) => `      - {url: "http://127.0.0.1:${port}"}`);
  return ['host: 127.0.0.1', 'register: false', ...own, 'route:', '  /:', '    upstreams:', ...upstreams, ''].join('\n');
}

function reload(admin) {
  return new Promise((resolve, reject) => {
    const request = http.request({
      host: '127.0.0.1', port: admin, method: 'POST', path: '/api/reload', headers: { Authorization: `Bearer ${TOKEN}` },
    }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (more) => { text += more; });
      response.on('end', () => (response.statusCode === 200 ? resolve() : reject(new Failure(`the reload was refused: ${text}`))));
    });
    request.on('error', reject);
    request.end();
  });
}

async function take(context, balancer, way, options, seconds = options.seconds) {
  writeFileSync(context.file, configuration(context, way));
  await reload(balancer.admin);
  const before = await balancer.jvm.allocated();
  const measured = await measure(context, balancer, { ...LOAD, connections: options.connections }, seconds);
  const errors = errorsInWords(measured.errors);
  if (errors) {
    throw new Failure(`${way.title}: ${errors}`);
  }
  return { cpu: measured.cpu, bytes: (await balancer.jvm.allocated() - before) / measured.requests, rate: measured.rate };
}

/** Spans go nowhere: a collector that takes what it gets and says so. */
async function startCollector() {
  const server = http.createServer((request, response) => {
    request.resume();
    request.on('end', () => response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end());
  });
  await new Promise((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  return server;
}

async function start(context) {
  const [port, admin] = await freePorts(2);
  writeFileSync(context.file, configuration(context, WAYS[0]));
  const started = context.processes.start('pointsman', context.proxyCore, frontDoor,
    ['balancer', '--config', context.file, '--port', String(port), '--admin', `127.0.0.1:${admin}`],
    { POINTSMAN_ADMIN_TOKEN: TOKEN, OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${context.collector.address().port}` });
  await until(started, 'it responded', () => responds(port, '/28'), 120);
  return { port, admin, process: started, jvm: new Jvm(context, started.pid) };
}

/** The turns of one process: for each way, what each turn gave. */
async function round(options, context) {
  const balancer = await start(context);
  const turns = WAYS.map(() => []);
  for (const way of WAYS) {
    await take(context, balancer, { title: way.title, settings: way.warmedBy ?? way.settings }, options, options.warm);
  }
  for (let turn = 0; turn < options.turns; turn++) {
    for (let i = 0; i < WAYS.length; i++) {
      const number = (i + turn) % WAYS.length;
      turns[number].push(await take(context, balancer, WAYS[number], options));
    }
  }
  await context.processes.stop(balancer.process);
  await sleep(200);
  return turns;
}

const of = (turns, key) => median(turns.map((each) => each[key]));

function ratio(number, other, rounds) {
  if (number <= other) {
    return number === other ? '1' : '';
  }
  const ratios = rounds.map((turns) => median(turns[number].map(({ cpu }, turn) => cpu / turns[other][turn].cpu)))
    .sort((one, another) => one - another);
  return `${median(ratios).toFixed(3)} (${ratios[0].toFixed(3)} to ${ratios.at(-1).toFixed(3)})`;
}

function row(number, rounds) {
  const typical = (key) => median(rounds.map((turns) => of(turns[number], key)));
  return [WAYS[number].title, typical('cpu').toFixed(1), ratio(number, 0, rounds), ratio(number, 1, rounds),
    typical('bytes').toFixed(0), Math.round(typical('rate')).toLocaleString('en-US')];
}

async function observation(options, context) {
  const upstreams = await startUpstreams(context);
  const collector = await startCollector();
  const whole = { ...context, upstreams, collector, file: join(context.temp, 'balancer.yaml') };
  const rounds = [];
  for (let number = 1; number <= options.rounds; number++) {
    rounds.push(await round(options, whole));
    console.error(`round ${number}: ${rounds.at(-1).map((turns) => of(turns, 'cpu').toFixed(1)).join(', ')} us`);
  }
  collector.close();
  console.log(markdown(['', 'CPU us/request', 'to nothing', 'to metrics alone', 'B/request on the heap', 'requests/s'],
    WAYS.map((way, number) => row(number, rounds))));
  return 0;
}

async function main(argv) {
  const options = numbers(argv, { rounds: 5, turns: 8, seconds: 2, warm: 20, connections: 32 });
  if (options.help) {
    console.log(USAGE);
    return;
  }
  need({ wrk: 'for the load', taskset: 'of util-linux, for one core each', nginx: 'for the upstreams' });
  needPointsman();
  const cores = divideCores(options);
  await session('bench/observation', options.keep, ({ temp, processes }) => observation(options, { temp, processes, ...cores }));
}

main(process.argv.slice(2)).catch((error) => {
  report('bench/observation', error);
  process.exit(error.exitCode ?? 1);
});
