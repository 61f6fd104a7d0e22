// bench/cores: what a request costs a balancer on one core and on two, and by that what a second core brings.
import { setTimeout as sleep } from 'node:timers/promises';
import { divideCores } from './cores.mjs';
import { Failure } from './failure.mjs';
import { numbers } from './flags.mjs';
import { responds } from './http.mjs';
import { interval, median } from './interval.mjs';
import { withOptions } from './jvm.mjs';
import { until } from './processes.mjs';
import { need, report, session } from './session.mjs';
import { markdown } from './table.mjs';
import { startUpstreams } from './upstreams.mjs';
import { needPointsman } from './watched.mjs';
import { errorsInWords, measure } from './measure.mjs';
import { frontDoor, startPointsman } from '../peers/pointsman.mjs';

const USAGE = `Usage: bench/cores [--rounds 6] [--warm 12] [--seconds 8] [--connections 32] [--keep]

Has a balancer forward GETs of 28 bytes by one event loop on one core, by two on one core, and by two on two cores, a fresh process each
in every round, as many as there is time for. The load and the upstreams are on one core in every case, which the balancer's second loop
shares with them, so that the rate tells nothing: what counts is the CPU time that a request takes the balancer, of all of its threads. Two
cores can do 2 x (CPU time on one core / CPU time on two) times what one can. Six rounds take 8 minutes.`;

const LOAD = { method: 'GET', path: '/28', bytes: 28 };

/** The ways, each with its cores and its event loops. */
const WAYS = [
  { title: 'one loop on one core', on: ({ proxyCore }) => proxyCore, cores: 1, loops: 1 },
  { title: 'two loops on one core', on: ({ proxyCore }) => proxyCore, cores: 1, loops: 2 },
  { title: 'two loops on two cores', on: ({ proxyCore, loadCores }) => `${loadCores},${proxyCore}`, cores: 2, loops: 2 },
];

async function take(context, running, options, seconds) {
  const measured = await measure(context, running, { ...LOAD, connections: options.connections }, seconds);
  const errors = errorsInWords(measured.errors);
  if (errors) {
    throw new Failure(errors);
  }
  return measured;
}

async function sample(context, way, options) {
  const running = await startPointsman({
    name: `pointsman-${way.loops}`, command: [frontDoor], processes: context.processes, cores: way.on(context),
    upstreams: context.upstreams, environment: withOptions(`-XX:ActiveProcessorCount=${way.loops}`),
  });
  await until(running.process, 'it responded', () => responds(running.port, LOAD.path));
  await take(context, running, options, options.warm);
  const taken = await take(context, running, options, options.seconds);
  await context.processes.stop(running.process);
  await sleep(200);
  return taken;
}

const of = (samples, key) => median(samples.map((each) => each[key]));

/** What so many cores can do of what one loop can on one, by the rounds. */
function gain(samples, others, cores) {
  const gains = samples.map((each, round) => (cores * others[round].cpu) / each.cpu);
  const { low, high } = interval(gains);
  return `${median(gains).toFixed(2)} (${low.toFixed(2)} to ${high.toFixed(2)})`;
}

async function measureAll(options, context) {
  Object.assign(context, divideCores(options));
  context.upstreams = await startUpstreams(context);
  const samples = WAYS.map(() => []);
  for (let round = 0; round < options.rounds; round++) {
    for (let i = 0; i < WAYS.length; i++) {
      const number = (i + round) % WAYS.length;
      const one = await sample(context, WAYS[number], options);
      samples[number].push(one);
      console.error(`round ${round + 1}, ${WAYS[number].title}: ${one.cpu.toFixed(1)} µs a request at ${Math.round(one.rate)}/s`);
    }
  }
  console.log(table(samples));
  return 0;
}

function table(samples) {
  const rows = WAYS.map(({ title, cores }, number) => [
    title,
    Math.round(of(samples[number], 'rate')).toLocaleString('en-US'),
    of(samples[number], 'cpu').toFixed(1),
    number === 0 ? '1' : gain(samples[number], samples[0], cores),
  ]);
  return markdown(['', 'requests/s', 'CPU µs/request', 'can do, of one loop on one core'], rows);
}

async function main(argv) {
  const options = numbers(argv, { rounds: 6, warm: 12, seconds: 8, connections: 32 });
  if (options.help) {
    console.log(USAGE);
    return;
  }
  need({ taskset: 'of util-linux, to give programs their cores', wrk: 'for the load', nginx: 'for the upstreams' });
  needPointsman();
  await session('bench/cores', options.keep, (context) => measureAll(options, context));
}

main(process.argv.slice(2)).catch((error) => {
  report('bench/cores', error);
  process.exit(error.exitCode ?? 1);
});
