// bench/many-services: fills an embedded registry, starts a balancer with a route to each service, and looks whether it
// is ready when it says so, how soon, and what it costs afterwards.
import http from 'node:http';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findJava } from './commands.mjs';
import { divideCores } from './cores.mjs';
import { Failure } from './failure.mjs';
import { numbers } from './flags.mjs';
import { jar } from './home.mjs';
import { responds } from './http.mjs';
import { freePorts } from './ports.mjs';
import { cpuSeconds, residentBytes } from './proc.mjs';
import { until } from './processes.mjs';
import { need, report, session } from './session.mjs';
import { mb, needPointsman } from './watched.mjs';
import { frontDoor } from '../peers/pointsman.mjs';

const USAGE = `Usage: bench/many-services [--services 1000] [--instances 10] [--rounds 3] [--rest 20] [--keep]

Starts the embedded registry with so many services of so many instances, and then, in each round, a balancer with a route to
each service. Prints when it was ready, counted from its start, how many of its routes responded then, and what it took: in the
10 s after, and again so many seconds later, when the JVM's compilers rest.
Fails if a route did not respond although the balancer said it was ready.`;

const REGISTERING_AT_ONCE = 16;
const ASKING_AT_ONCE = 8;
/** For how long the balancer is watched when it has nothing to do. */
const QUIET_SECONDS = 10;

/** One server is every instance; each has its own address of loopback, as two with the same one count once. */
async function startInstance() {
  const server = http.createServer((request, response) => { request.resume(); response.end('ok'); });
  await new Promise((resolve) => { server.listen(0, resolve); });
  return server;
}

/** Does something with each of the values, some at once. */
async function each(values, atOnce, action) {
  const left = [...values];
  await Promise.all(Array.from({ length: atOnce }, async () => {
    for (let value = left.pop(); value !== undefined; value = left.pop()) {
      await action(value);
    }
  }));
}

/** Sends a request on a kept connection; gives the status. */
function send(agent, method, port, path, body) {
  return new Promise((resolve, reject) => {
    const request = http.request({ host: '127.0.0.1', port, method, path, agent, timeout: 30_000 }, (response) => {
      response.resume();
      response.on('end', () => resolve(response.statusCode));
    });
    request.on('timeout', () => request.destroy(new Failure('no response within 30 s')));
    request.on('error', reject);
    request.end(body);
  });
}

async function register(registry, services, instances, port) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: REGISTERING_AT_ONCE });
  const ids = services.flatMap((service) => Array.from({ length: instances }, (_, n) => [service, n]));
  await each(ids, REGISTERING_AT_ONCE, async ([service, n]) => {
    const status = await send(agent, 'PUT', registry, '/v1/agent/service/register', JSON.stringify({
      ID: `${service}-${n}`, Name: service, Tags: [service], Address: `127.0.1.${n + 1}`, Port: port,
      Check: { TTL: '1h', Status: 'passing' },
    }));
    if (status !== 200) {
      throw new Failure(`the registry responded ${status} to a registration`);
    }
  });
  agent.destroy();
}

/** How many of the routes respond with 200. */
async function countRouted(port, services) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: ASKING_AT_ONCE });
  let routed = 0;
  await each(services, ASKING_AT_ONCE, async (service) => {
    const status = await send(agent, 'GET', port, `/${service}/x`);
    routed += status === 200 ? 1 : 0;
  });
  agent.destroy();
  return routed;
}

/** How much of a core a process takes while it has nothing to do, in percent. */
async function watchIdle(pid) {
  const before = cpuSeconds(pid);
  await sleep(QUIET_SECONDS * 1000);
  return 100 * (cpuSeconds(pid) - before) / QUIET_SECONDS;
}

async function round(number, { services, config, rest }, context) {
  const [port, admin] = await freePorts(2);
  const began = performance.now();
  const balancer = context.processes.start(`balancer-${number}`, context.proxyCore, frontDoor,
    ['balancer', '--config', config, '--port', String(port), '--admin', `127.0.0.1:${admin}`]);
  await until(balancer, 'it listened', () => responds(admin, '/health/live'), 120);
  const listening = performance.now() - began;
  await until(balancer, 'it was ready', () => responds(admin, '/health/ready'), 120);
  const ready = performance.now() - began;
  const cpu = cpuSeconds(balancer.pid);
  const routed = await countRouted(port, services);
  await sleep(1000);
  const quiet = await watchIdle(balancer.pid);
  const resident = residentBytes(balancer.pid);
  await sleep(rest * 1000);
  const resting = await watchIdle(balancer.pid);
  console.log([`round ${number}:`, `admin port after ${(listening / 1000).toFixed(1)} s,`,
    `ready after ${(ready / 1000).toFixed(1)} s`, `with ${routed} of ${services.length} routes;`,
    `CPU until then ${cpu.toFixed(1)} s, in the ${QUIET_SECONDS} s after ${quiet.toFixed(1)} % of a core,`,
    `${rest} s later ${resting.toFixed(1)} %; RSS ${mb(resident)}, then ${mb(residentBytes(balancer.pid))}`].join(' '));
  await context.processes.stop(balancer);
  return routed === services.length;
}

async function manyServices(options, context) {
  const [registry] = await freePorts(1);
  const services = Array.from({ length: options.services }, (_, n) => `service-${n}`);
  const config = join(context.temp, 'balancer.yaml');
  writeFileSync(config, [`consul: http://127.0.0.1:${registry}`, 'register: false', 'route:',
    ...services.map((service) => `  /${service}: ${service}`)].join('\n'));
  const instance = await startInstance();
  const started = context.processes.start('registry', context.loadCores, findJava(),
    ['-XX:+UseSerialGC', '-Xmx512m', '-jar', jar, 'registry', '--port', String(registry)]);
  await until(started, 'it listened', () => responds(registry, '/v1/status/leader'));
  await register(registry, services, options.instances, instance.address().port);
  let complete = true;
  for (let number = 1; number <= options.rounds; number++) {
    complete = await round(number, { services, config, rest: options.rest }, context) && complete;
  }
  instance.close();
  return complete ? 0 : 1;
}

async function main(argv) {
  const options = numbers(argv, { services: 1000, instances: 10, rounds: 3, rest: 20 });
  if (options.help) {
    console.log(USAGE);
    return;
  }
  need({ taskset: 'of util-linux, for one core each' });
  needPointsman();
  const cores = divideCores({});
  await session('bench/many-services', options.keep, (context) => manyServices(options, { ...context, ...cores }));
}

main(process.argv.slice(2)).catch((error) => {
  report('bench/many-services', error);
  process.exit(error.exitCode ?? 1);
});
