// bench/start: from the command to the first response, and the first seconds under load.
import { haproxy } from '../peers/haproxy.mjs';
import { nginx } from '../peers/nginx.mjs';
import { frontDoor, missing } from '../peers/pointsman.mjs';
import { divideCores } from './cores.mjs';
import { Failure } from './failure.mjs';
import { numbers } from './flags.mjs';
import { call, responds } from './http.mjs';
import { interval, median } from './interval.mjs';
import { p99, paced } from './paced.mjs';
import { freePorts } from './ports.mjs';
import { cpuSeconds, residentBytes } from './proc.mjs';
import { until } from './processes.mjs';
import { need, report, session } from './session.mjs';
import { startUpstreams } from './upstreams.mjs';

const USAGE = `Usage: bench/start [--rounds 3] [--rate 500] [--seconds 10] [--keep]

Starts Pointsman, HAProxy and nginx anew in each round, on one core and on two, and prints the time from the command to the first
response, with the CPU time and the memory until then. Then so many requests a second, GETs and POSTs in turn, go to the new
process on one core: the p99 of all of them, of each method and of each second, from when a request was due. Medians, with the
interval from the lowest to the highest round where there are few. Fails if a request failed. Under 3 minutes.`;

const REGISTRY_SECONDS = 60;

async function startRegistry({ processes, loadCores, upstreams }) {
  const [port] = await freePorts(1);
  const started = processes.start('registry', loadCores, frontDoor, ['registry', '--port', `${port}`]);
  await until(started, 'it responded', () => responds(port, '/v1/status/leader'), REGISTRY_SECONDS);
  for (const [index, upstream] of upstreams.entries()) {
    await call('PUT', port, '/v1/agent/service/register',
      JSON.stringify({ ID: `bench-${index}`, Name: 'bench', Address: '127.0.0.1', Port: upstream }));
  }
  return port;
}

const pointsman = {
  title: 'Pointsman',
  missing,
  async start({ processes, proxyCore, registry }) {
    const [port, admin] = await freePorts(2);
    const process = processes.start('pointsman', proxyCore, frontDoor, [
      'balancer', '--host', '127.0.0.1', '--port', `${port}`, '--admin', `127.0.0.1:${admin}`,
      '--consul', `http://127.0.0.1:${registry}`, '--route', '/=bench']);
    await until(process, 'it responded', () => responds(port, '/28'));
    return { port, process };
  },
};

async function first(peer, context) {
  const began = performance.now();
  const { port, process } = await peer.start(context);
  const ms = performance.now() - began;
  return { port, process, ms, cpu: cpuSeconds(process.pid) * 1000, rss: residentBytes(process.pid) / 1e6 };
}

async function round(peer, context, options, figures) {
  const both = await first(peer, { ...context, proxyCore: `${context.loadCores},${context.proxyCore}` });
  await context.processes.stop(both.process);
  const one = await first(peer, context);
  const requests = await paced({ port: one.port, rate: options.rate, seconds: options.seconds });
  figures.push({
    'first response, two cores, ms': both.ms,
    'first response, one core, ms': one.ms,
    'CPU time until then, ms': one.cpu,
    'RSS then, MB': one.rss,
    'p99 of all, ms': p99(requests),
    'p99 of GETs, ms': p99(requests.filter(({ method }) => method === 'GET')),
    'p99 of POSTs, ms': p99(requests.filter(({ method }) => method === 'POST')),
    ...Object.fromEntries(Array.from({ length: options.seconds }, (_, second) => [
      `p99 of second ${second + 1}, ms`, p99(requests.filter((each) => each.second === second))])),
    'CPU time with these requests, ms': cpuSeconds(one.process.pid) * 1000,
    'RSS after them, MB': residentBytes(one.process.pid) / 1e6,
  });
  await context.processes.stop(one.process);
  return requests.filter(({ error }) => error).map(({ error }) => error);
}

function figure(values) {
  const { low, high } = interval(values);
  const digits = median(values) < 10 ? 1 : 0;
  return `${median(values).toFixed(digits)} (${low.toFixed(digits)} to ${high.toFixed(digits)})`;
}

function print(peers) {
  const row = (cells) => console.log(`| ${cells.join(' | ')} |`);
  row(['', ...peers.map(({ title }) => title)]);
  row(['---', ...peers.map(() => '---:')]);
  for (const name of Object.keys(peers[0].figures[0])) {
    row([name, ...peers.map(({ figures }) => figure(figures.map((each) => each[name])))]);
  }
}

async function measure(options, peers, context) {
  context.upstreams = await startUpstreams(context);
  context.registry = await startRegistry(context);
  // The first start makes the archive of classes.
  await context.processes.stop((await first(pointsman, context)).process);
  let failed = [];
  for (let i = 0; i < options.rounds; i++) {
    const turn = i % peers.length;
    for (const peer of [...peers.slice(turn), ...peers.slice(0, turn)]) {
      const errors = await round(peer, context, options, peer.figures);
      console.error(`round ${i + 1}  ${peer.title}${errors.length > 0 ? `: ${errors.length} failed: ${errors[0]}` : ''}`);
      failed = [...failed, ...errors];
    }
  }
  print(peers);
  return failed.length > 0 ? 1 : 0;
}

async function main(argv) {
  const options = numbers(argv, { rounds: 3, rate: 500, seconds: 10 });
  if (options.help) {
    console.log(USAGE);
    return;
  }
  need({ taskset: 'of util-linux, for one core each', nginx: 'for the upstreams' });
  if (missing()) {
    throw new Failure(missing());
  }
  const peers = [pointsman, haproxy, nginx].filter((peer) => !peer.missing()).map((peer) => ({ ...peer, figures: [] }));
  const cores = divideCores({});
  await session('bench/start', options.keep, (context) => measure(options, peers, { ...context, ...cores }));
}

main(process.argv.slice(2)).catch((error) => {
  report('bench/start', error);
  process.exit(error.exitCode ?? 1);
});
