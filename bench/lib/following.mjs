// bench/following: how long after a registration an instance gets its first request, and after its deregistration its last one, and
// how much of that is the registry's own time, seen in the same round by a client that waits in a blocking query too.
import http from 'node:http';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { cpus } from 'node:os';
import { BareQuery } from './bare-query.mjs';
import { find, findJava } from './commands.mjs';
import { Failure, usage } from './failure.mjs';
import { numbers } from './flags.mjs';
import { jar } from './home.mjs';
import { responds } from './http.mjs';
import { interval, median } from './interval.mjs';
import { freePorts } from './ports.mjs';
import { until } from './processes.mjs';
import { need, report, session } from './session.mjs';
import { markdown } from './table.mjs';
import { needPointsman } from './watched.mjs';
import { frontDoor } from '../peers/pointsman.mjs';

const USAGE = `Usage: bench/following [--rounds 50] [--processes 2] [--warm 30] [--rate 500] [--load 2000] [--connections 32] [--only WORDS] [--keep]

Starts a registry and a balancer with one instance, sends requests, and then, in each round, registers an instance, notes its first
request, deregisters it and notes its last one. A bare client, which does nothing but wait in a blocking query, notes in the same rounds
when the registry's own response came; what the balancer takes beyond that is counted from there. With a real Consul (where there is one on
the PATH) and with the embedded registry; quiet, with --rate requests a second, loaded, with --load of them on so many connections, and
busy, with as many as there is time for on as many connections (where there is wrk). Each with so many balancer processes, which have had
requests for --warm seconds when the first change comes; that one stands apart. WORDS are any of consul, embedded, quiet, loaded, busy,
with a comma between them. 5 minutes; --processes 1 --rounds 25 is half of that.`;

const SERVICE = 'web';
/** What an instance is given to get requests, and the last request to come. */
const LISTED_MS = 60;
const GONE_MS = 120;

const allCores = `0-${cpus().length - 1}`;

const REGISTRIES = {
  consul: {
    title: 'Consul',
    missing: () => (find('consul') ? undefined : 'there is no consul on the PATH'),
    async start(context, name) {
      const [httpPort, serf, wan, rpc] = await freePorts(4);
      const started = context.processes.start(name, allCores, find('consul'), ['agent', '-dev', '-bind', '127.0.0.1',
        '-http-port', httpPort, '-serf-lan-port', serf, '-serf-wan-port', wan, '-server-port', rpc, '-dns-port', -1, '-grpc-port', -1].map(String));
      await until(started, 'it had a leader', () => responds(httpPort, '/v1/health/state/any').then((up) => up && hasLeader(httpPort)));
      return { port: httpPort, started };
    },
  },
  embedded: {
    title: 'embedded registry',
    missing: () => undefined,
    async start(context, name) {
      const [port] = await freePorts(1);
      const started = context.processes.start(name, allCores, findJava(), ['-XX:+UseSerialGC', '-Xmx128m', '-jar', jar, 'registry', '--port', String(port)]);
      await until(started, 'it listened', () => responds(port, '/v1/status/leader'));
      return { port, started };
    },
  },
};

const LOADS = {
  quiet: { title: ({ rate }) => `${rate} requests/s`, rate: ({ rate }) => rate, missing: () => undefined },
  loaded: { title: ({ load, connections }) => `${load} requests/s, ${connections} connections`, rate: ({ load }) => load, missing: () => undefined },
  busy: {
    title: ({ connections }) => `no pause, ${connections} connections`,
    missing: () => (find('wrk') ? undefined : 'there is no wrk on the PATH'),
  },
};

const agent = new http.Agent({ keepAlive: true });

function call(method, port, path, body) {
  return new Promise((resolve, reject) => {
    const request = http.request({ host: '127.0.0.1', port, method, path, agent, timeout: 5000 }, (response) => {
      let text = '';
      response.on('data', (data) => { text += data; });
      response.on('end', () => (response.statusCode === 200 ? resolve(text) : reject(new Failure(`${path}: ${response.statusCode} ${text}`))));
      response.on('error', reject);
    });
    request.on('timeout', () => request.destroy(new Failure(`no response to ${path} within 5 s`)));
    request.on('error', reject);
    request.end(body);
  });
}

const hasLeader = (port) => call('GET', port, '/v1/status/leader').then((leader) => leader.length > 4, () => false);

const register = (registry, id, port) => call('PUT', registry, '/v1/agent/service/register', JSON.stringify({
  ID: id, Name: SERVICE, Tags: [SERVICE], Address: '127.0.0.1', Port: port,
  Check: { HTTP: `http://127.0.0.1:${port}/health`, Interval: '10s', Timeout: '1s', Status: 'passing' },
}));

const deregister = (registry, id) => call('PUT', registry, `/v1/agent/service/deregister/${id}`);

/** An instance that notes the first and the last request that it gets. */
async function newcomer() {
  const seen = {};
  const server = http.createServer((request, response) => {
    if (request.url !== '/health') {
      seen.last = performance.now();
      seen.first ??= seen.last;
      seen.arrived?.();
    }
    response.end('new');
  });
  await new Promise((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  const first = new Promise((resolve) => { seen.arrived = resolve; });
  return {
    port: server.address().port,
    seen,
    first: Promise.race([first, sleep(5000, undefined, { ref: false }).then(() => { throw new Failure('no request within 5 s of a registration'); })]),
    close: () => { server.close(); server.closeAllConnections(); },
  };
}

async function round({ registry, bare }) {
  const instance = await newcomer();
  const id = `${SERVICE}-${instance.port}`;
  const listed = bare.seen(id, true);
  const registering = performance.now();
  await register(registry, id, instance.port);
  const [own] = await Promise.all([listed, instance.first]);
  await sleep(LISTED_MS + Math.random() * 20);
  const gone = bare.seen(id, false);
  const deregistering = performance.now();
  await deregister(registry, id);
  const responded = performance.now();
  const ownGone = await gone;
  await sleep(GONE_MS);
  instance.close();
  const { first, last } = instance.seen;
  return {
    own: own - registering,
    first: first - registering,
    beyond: first - own,
    ownGone: ownGone - deregistering,
    last: Math.max(0, last - responded),
    lastBeyond: Math.max(0, last - ownGone),
  };
}

/** Puts load on the balancer until `end` is called, which gives the number of requests and of those that failed. */
function put(load, port, worker, options, context, name) {
  if (load === 'busy') {
    const started = context.processes.start(name, allCores, 'wrk', ['-t1', `-c${options.connections}`, '-d600s', `http://127.0.0.1:${port}/`]);
    return async () => {
      if (started.ended) {
        throw new Failure(`${name} ended too early (--keep keeps its log)`);
      }
      await context.processes.stop(started);
      return { sent: NaN, failed: 0 };
    };
  }
  worker.postMessage({ port, rate: LOADS[load].rate(options), connections: options.connections });
  return async () => {
    worker.postMessage('end');
    return (await once(worker, 'message'))[0];
  };
}

async function startBalancer(context, name, registry) {
  const [port, admin] = await freePorts(2);
  const started = context.processes.start(name, allCores, frontDoor, ['balancer', '--consul', `http://127.0.0.1:${registry}`,
    '--register', 'false', '--host', '127.0.0.1', '--route', `/=${SERVICE}`, '--port', String(port), '--admin', `127.0.0.1:${admin}`]);
  await until(started, 'it was ready', () => responds(admin, '/health/ready'), 60);
  return { port, started };
}

/** The rounds of one balancer process. */
async function measure(name, registry, load, worker, options, context) {
  const balancer = await startBalancer(context, `balancer-${name}`, registry.port);
  const bare = new BareQuery(registry.port, SERVICE);
  await bare.start();
  const end = put(load, balancer.port, worker, options, context, `load-${name}`);
  await sleep(options.warm * 1000);
  const rounds = [];
  for (let number = 0; number < options.rounds; number++) {
    rounds.push(await round({ registry: registry.port, bare }));
  }
  const { failed, why } = await end();
  bare.close();
  await context.processes.stop(balancer.started);
  if (failed > 0) {
    throw new Failure(`${failed} requests failed; the first: ${why}`);
  }
  return rounds;
}

const ms = (value) => value.toFixed(1);

function figures(rounds, key) {
  const values = rounds.map((each) => each[key]).sort((one, other) => one - other);
  const { low, high } = interval(values);
  return `${ms(median(values))} (${ms(low)} to ${ms(high)}), worst ${ms(values.at(-1))}`;
}

function row(title, processes) {
  const later = processes.flatMap((rounds) => rounds.slice(1));
  const cold = processes.map(([first]) => ms(first.beyond)).join(', ');
  return [title, ...['own', 'first', 'beyond', 'last', 'lastBeyond'].map((key) => figures(later, key)), cold, String(later.length)];
}

const HEADER = ['ms', "register sent → the registry's own response", 'register sent → first request', 'beyond its own',
  'deregister responded → last request', "the registry's own response → last request", 'the first change of each process, beyond', 'changes'];

async function following(options, kinds, context) {
  const worker = new Worker(new URL('paced-load.mjs', import.meta.url));
  const [base] = await once(worker, 'message');
  const rows = [];
  for (const registryName of kinds.registries) {
    const kind = REGISTRIES[registryName];
    const registry = await kind.start(context, registryName);
    await register(registry.port, `${SERVICE}-base`, base);
    for (const load of kinds.loads) {
      const processes = [];
      for (let number = 1; number <= options.processes; number++) {
        processes.push(await measure(`${registryName}-${load}-${number}`, registry, load, worker, options, context));
        console.error(`${registryName}, ${load}, process ${number}: beyond ${figures(processes.at(-1).slice(1), 'beyond')} ms`);
      }
      rows.push(row(`${kind.title}, ${LOADS[load].title(options)}`, processes));
    }
    await context.processes.stop(registry.started);
  }
  await worker.terminate();
  console.log(markdown(HEADER, rows));
  return 0;
}

/** What of `all` is asked for and can be measured here. */
function chosen(all, words) {
  const names = Object.keys(all).filter((name) => !Object.keys(all).some((each) => words.includes(each)) || words.includes(name));
  return names.filter((name) => {
    const missing = all[name].missing();
    if (missing) {
      console.error(`bench/following: ${name} is left out: ${missing}`);
    }
    return !missing;
  });
}

function parse(argv) {
  const at = argv.indexOf('--only');
  const words = at < 0 ? [] : (argv[at + 1] ?? '').split(',');
  const known = [...Object.keys(REGISTRIES), ...Object.keys(LOADS)];
  const wrong = words.find((word) => !known.includes(word));
  if (wrong !== undefined) {
    throw usage(`--only ${argv[at + 1] ?? ''}: there is no '${wrong}' (expected any of: ${known.join(', ')})`);
  }
  const rest = at < 0 ? argv : [...argv.slice(0, at), ...argv.slice(at + 2)];
  return { options: numbers(rest, { rounds: 50, processes: 2, warm: 30, rate: 500, load: 2000, connections: 32 }), words };
}

async function main(argv) {
  const { options, words } = parse(argv);
  if (options.help) {
    console.log(USAGE);
    return;
  }
  need({ taskset: 'of util-linux, to start programs on the cores there are' });
  needPointsman();
  const kinds = { registries: chosen(REGISTRIES, words), loads: chosen(LOADS, words) };
  if (kinds.registries.length === 0 || kinds.loads.length === 0) {
    throw new Failure('there is nothing to measure');
  }
  await session('bench/following', options.keep, (context) => following(options, kinds, context));
}

main(process.argv.slice(2)).catch((error) => {
  report('bench/following', error);
  process.exit(error.exitCode ?? 1);
});
