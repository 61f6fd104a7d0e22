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
import { median } from './rounds.mjs';
import { need, report, session } from './session.mjs';
import { markdown } from './table.mjs';
import { startUpstreams } from './upstreams.mjs';
import { needPointsman } from './watched.mjs';
import { frontDoor } from '../peers/pointsman.mjs';

const USAGE = `Usage: bench/client [--rounds 5] [--warm 5] [--seconds 4] [--connections 32] [--keep]

Has a caller send GETs without a pause, so many at a time, to nginx: by Vert.x's client and the JDK's with one fixed address, by
Pointsman's client in both forms over one instance and over two, and by Vert.x's client through a balancer. Each is a process of its
own in each round, on one core (with the balancer), warm for so many seconds and measured for so many. Prints the CPU time of a
request: the caller's (its compilers left out), the balancer's and the service's; and the ratios to the bare client of the same form,
compared within each round: median, lowest and highest.`;

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

/** One caller's process; microseconds of CPU a request. */
async function sample({ form, target, balanced }, options, context) {
  const others = [...context.upstreamPids, ...(balanced ? [context.balancerPid] : [])].map(String);
  const output = await context.processes.run('caller', context.proxyCore, findJava(),
    ['-XX:+UseSerialGC', '-Xms256m', '-Xmx256m', '-cp', PROGRAM, 'dev.pointsman.bench.CallerLoad', form, String(target(context)),
      `http://127.0.0.1:${context.registry}`, String(options.connections), String(options.warm), String(options.seconds), ...others]);
  const [requests, caller, one, two, balancer = 0] = output.trim().split(' ').map(Number);
  const each = (seconds) => 1e6 * seconds / requests;
  return { rate: requests / options.seconds, caller: each(caller), balancer: each(balancer), service: each(one + two) };
}

const all = ({ caller, balancer, service }) => caller + balancer + service;
const us = (values) => median(values).toFixed(1);

function ratio(samples, others, of) {
  const ratios = samples.map((each, round) => of(each) / of(others[round])).sort((one, other) => one - other);
  return `${median(ratios).toFixed(3)} (${ratios[0].toFixed(3)} to ${ratios.at(-1).toFixed(3)})`;
}

function row({ title, beside }, samples, all_) {
  const others = beside === undefined ? undefined : all_[beside];
  return [title, ...['caller', 'balancer', 'service'].map((key) => us(samples.map((each) => each[key]))), us(samples.map(all)),
    others ? ratio(samples, others, all) : '1', Math.round(median(samples.map(({ rate }) => rate))).toLocaleString('en-US')];
}

async function measure(options, context) {
  const results = CASES.map(() => []);
  for (let round = 0; round < options.rounds; round++) {
    for (let n = 0; n < CASES.length; n++) {
      const turn = (n + round) % CASES.length;
      results[turn].push(await sample(CASES[turn], options, context));
    }
    console.error(`round ${round + 1}: ${CASES.map((_, n) => all(results[n].at(-1)).toFixed(1)).join(', ')} us`);
  }
  console.log(markdown(['', 'caller, CPU us/request', 'balancer', 'service', 'all', 'all, to the bare client', 'requests/s'],
    CASES.map((each, n) => row(each, results[n], results))));
  return 0;
}

async function client(options, context) {
  const ports = await startUpstreams(context);
  const registry = await startRegistry(context, ports);
  const balancer = await startBalancer(context, registry);
  return measure(options, { ...context, ...balancer, ports, registry, upstreamPids: context.processes.pids(/^upstream/) });
}

async function main(argv) {
  const options = numbers(argv, { rounds: 5, warm: 5, seconds: 4, connections: 32 });
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
