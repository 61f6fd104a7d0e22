// bench/client: what a call costs when the caller balances by itself, beside one fixed address and beside a balancer in between.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import http from 'node:http';
import { findJava } from './commands.mjs';
import { divideCores } from './cores.mjs';
import { Failure } from './failure.mjs';
import { numbers } from './flags.mjs';
import { home, jar } from './home.mjs';
import { responds } from './http.mjs';
import { freePorts } from './ports.mjs';
import { until } from './processes.mjs';
import { median } from './interval.mjs';
import { need, report, session } from './session.mjs';
import { markdown } from './table.mjs';
import { startUpstreams } from './upstreams.mjs';
import { needPointsman } from './watched.mjs';
import { frontDoor } from '../peers/pointsman.mjs';

const USAGE = `Usage: bench/client [--rounds 5] [--warm 40] [--turns 60] [--millis 250] [--connections 32] [--keep]

Has callers send GETs without a pause, so many at a time, to nginx: Vert.x's client and the JDK's with one fixed address, Pointsman's
client in both forms over one instance, over two, and Vert.x's client through a balancer. They take turns of so many milliseconds in one
process on one core (with the balancer), a fresh one in each round, so that what else the machine does is the same for all; the first
turns only warm it. Prints the CPU time of a request: the caller's (its compilers left out), the balancer's and the service's; and the
ratios to the bare client of the same form in the turns beside it: the median of a round's, then median, lowest and highest of the rounds.`;

const PROGRAM = join(home, 'bench/micro/target/bench-micro.jar');
const ONE = 'bench-one';
const TWO = 'bench-two';

/** What is measured, and beside which other one it stands. */
const CASES = [
  { title: 'Vert.x, one fixed address', form: 'vertx', target: ({ ports }) => ports[0] },
  { title: 'ServiceClient.httpClient(), one instance', form: 'vertx', target: () => ONE, beside: 0 },
  { title: 'ServiceClient.httpClient(), two instances', form: 'vertx', target: () => TWO, beside: 0 },
  { title: 'java.net.http, one fixed address', form: 'java', target: ({ ports }) => ports[0] },
  { title: 'ServiceClient.javaClient(), one instance', form: 'java', target: () => ONE, beside: 3 },
  { title: 'Vert.x, through a balancer', form: 'vertx', target: ({ balancerPort }) => balancerPort, balanced: true, beside: 0 },
];

function put(port, path, value) {
  return new Promise((resolve, reject) => {
    const request = http.request({ host: '127.0.0.1', port, method: 'PUT', path, timeout: 5000 }, (response) => {
      response.resume();
      response.on('end', () => resolve(response.statusCode));
    });
    request.on('timeout', () => request.destroy(new Failure('the registry did not respond within 5 s')));
    request.on('error', reject);
    request.end(JSON.stringify(value));
  });
}

async function startRegistry(context, ports) {
  const [registry] = await freePorts(1);
  const started = context.processes.start('registry', context.loadCores, findJava(),
    ['-XX:+UseSerialGC', '-Xmx128m', '-jar', jar, 'registry', '--port', String(registry)]);
  await until(started, 'it listened', () => responds(registry, '/v1/status/leader'));
  for (const [service, of] of [[ONE, ports.slice(0, 1)], [TWO, ports]]) {
    for (const port of of) {
      const status = await put(registry, '/v1/agent/service/register', {
        ID: `${service}-${port}`, Name: service, Tags: [service], Address: '127.0.0.1', Port: port,
        Check: { TTL: '1h', Status: 'passing' },
      });
      if (status !== 200) {
        throw new Failure(`the registry responded ${status} to a registration`);
      }
    }
  }
  return registry;
}

async function startBalancer(context, registry) {
  const [port, admin] = await freePorts(2);
  const started = context.processes.start('balancer', context.proxyCore, frontDoor,
    ['balancer', '--consul', `http://127.0.0.1:${registry}`, '--register', 'false', '--route', `/=${ONE}`,
      '--port', String(port), '--admin', `127.0.0.1:${admin}`]);
  await until(started, 'it was ready', () => responds(admin, '/health/ready'), 120);
  return { balancerPort: port, balancerPid: started.pid };
}

/** What the turns of one process gave: for each case, microseconds of CPU a request in each turn. */
async function round(options, context) {
  const pids = [...context.upstreamPids, context.balancerPid];
  const output = await context.processes.run('callers', context.proxyCore, findJava(),
    ['-XX:+UseSerialGC', '-Xms256m', '-Xmx256m', '-cp', PROGRAM, 'dev.pointsman.bench.CallerLoad',
      `http://127.0.0.1:${context.registry}`, options.connections, options.warm, options.turns, options.millis, pids.join(','),
      ...CASES.map(({ form, target }) => `${form}:${target(context)}`)].map(String));
  const turns = CASES.map(() => []);
  for (const line of output.trim().split('\n')) {
    const [number, requests, caller, ...others] = line.split(' ').map(Number);
    const balancer = CASES[number].balanced ? others.at(-1) : 0;
    const service = others.slice(0, -1).reduce((sum, each) => sum + each, 0);
    turns[number].push({
      caller: caller / requests, balancer: balancer / requests, service: service / requests,
      all: (caller + balancer + service) / requests, requests,
    });
  }
  return turns;
}

const of = (turns, key) => median(turns.map((each) => each[key]));

/** The median ratio of one round. */
const ratio = (turns, beside, key) => median(turns.map((each, turn) => each[key] / beside[turn][key]));

function spread(rounds, number, beside, key) {
  const ratios = rounds.map((turns) => ratio(turns[number], turns[beside], key)).sort((one, other) => one - other);
  return `${median(ratios).toFixed(3)} (${ratios[0].toFixed(3)} to ${ratios.at(-1).toFixed(3)})`;
}

function row({ title, beside }, number, rounds, options) {
  const typical = (key) => median(rounds.map((turns) => of(turns[number], key)));
  return [title, ...['caller', 'balancer', 'service', 'all'].map((key) => typical(key).toFixed(1)),
    ...['caller', 'all'].map((key) => (beside === undefined ? '1' : spread(rounds, number, beside, key))),
    Math.round(1000 * typical('requests') / options.millis).toLocaleString('en-US')];
}

async function measure(options, context) {
  const rounds = [];
  for (let number = 1; number <= options.rounds; number++) {
    rounds.push(await round(options, context));
    console.error(`round ${number}: ${rounds.at(-1).map((turns) => of(turns, 'all').toFixed(1)).join(', ')} us`);
  }
  console.log(markdown(['', 'caller, CPU us/request', 'balancer', 'service', 'all', 'caller, to the bare client', 'all, to the bare client', 'requests/s'],
    CASES.map((each, number) => row(each, number, rounds, options))));
  return 0;
}

async function client(options, context) {
  const ports = await startUpstreams(context);
  const registry = await startRegistry(context, ports);
  const balancer = await startBalancer(context, registry);
  return measure(options, { ...context, ...balancer, ports, registry, upstreamPids: context.processes.pids(/^upstream/) });
}

async function main(argv) {
  const options = numbers(argv, { rounds: 5, warm: 40, turns: 60, millis: 250, connections: 32 });
  if (options.help) {
    console.log(USAGE);
    return;
  }
  need({ taskset: 'of util-linux, for one core each', nginx: 'for the instances' });
  needPointsman();
  if (!existsSync(PROGRAM)) {
    throw new Failure(`there is no ${PROGRAM} (expected: mvn -Pbench -Dquick -DskipTests -pl bench/micro -am package)`);
  }
  const cores = divideCores({});
  await session('bench/client', options.keep, (context) => client(options, { ...context, ...cores }));
}

main(process.argv.slice(2)).catch((error) => {
  report('bench/client', error);
  process.exit(error.exitCode ?? 1);
});
