// bench/cores: what a request costs a balancer on one core and on two, and by that what a second core brings.
import { setTimeout as sleep } from 'node:timers/promises';
import { divideCores } from './cores.mjs';
import { Failure } from './failure.mjs';
import { numbers } from './flags.mjs';
import { interval, median } from './interval.mjs';
import { withOptions } from './jvm.mjs';
import { need, report, session } from './session.mjs';
import { markdown } from './table.mjs';
import { startUpstreams } from './upstreams.mjs';
import { needPointsman } from './watched.mjs';
import { errorsInWords, measure } from './wrk.mjs';
import { frontDoor, startPointsman } from '../peers/pointsman.mjs';

const USAGE = `Usage: bench/cores [--rounds 6] [--rate 4000] [--warm 12] [--seconds 6] [--connections 32] [--keep]

Has a balancer forward GETs of 28 bytes by one event loop on one core, by two on one core, and by two on two cores, a fresh process each
in every round: so many requests a second, and as many as it can. The load and the upstreams are on one core in every case, which the
balancer's second loop shares with them: what counts is therefore the CPU time that a request takes the balancer, of all of its threads.
Two cores can do 2 x (CPU time on one core / CPU time on two) times what one can. Six rounds take 8 minutes.`;

const LOAD = { method: 'GET', path: '/28', bytes: 28 };

/** The ways, each with its cores and its event loops. */
const WAYS = [
  { title: 'one loop on one core', cores: ({ proxyCore }) => proxyCore, loops: 1 },
  { title: 'two loops on one core', cores: ({ proxyCore }) => proxyCore, loops: 2 },
  { title: 'two loops on two cores', cores: ({ proxyCore, loadCores }) => `${loadCores},${proxyCore}`, loops: 2 },
];

async function take(context, running, options, pause, seconds) {
  const measured = await measure(context, running, { ...LOAD, connections: options.connections, pause }, seconds);
  const errors = errorsInWords(measured.errors);
  if (errors) {
    throw new Failure(errors);
  }
  return measured;
}

async function sample(context, way, options) {
  const running = await startPointsman({
    name: `pointsman-${way.loops}`, command: [frontDoor], processes: context.processes, cores: way.cores(context),
    upstreams: context.upstreams, environment: withOptions(`-XX:ActiveProcessorCount=${way.loops}`),
  });
  const pause = (1000 * options.connections) / options.rate;
  await take(context, running, options, 0, options.warm);
  const paced = await take(context, running, options, pause, options.seconds);
  const full = await take(context, running, options, 0, options.seconds);
  await context.processes.stop(running.process);
  await sleep(200);
  return { paced, full };
}

const of = (samples, which, key) => median(samples.map((each) => each[which][key]));

/** What two cores can do of what the same way does on another number of them, by the rounds. */
function gain(samples, others, which, cores) {
  const gains = samples.map((each, round) => (cores * others[round][which].cpu) / each[which].cpu);
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
      console.error(`round ${round + 1}, ${WAYS[number].title}: ${one.paced.cpu.toFixed(1)} µs a request at ${Math.round(one.paced.rate)}/s,`
        + ` ${one.full.cpu.toFixed(1)} at ${Math.round(one.full.rate)}/s`);
    }
  }
  console.log(table(samples));
  return 0;
}

function table(samples) {
  const rows = WAYS.map(({ title }, number) => {
    const own = samples[number];
    const cores = number === 2 ? 2 : 1;
    return [title, ...['paced', 'full'].flatMap((which) => [
      Math.round(of(own, which, 'rate')).toLocaleString('en-US'),
      of(own, which, 'cpu').toFixed(1),
      number === 0 ? '1' : gain(own, samples[0], which, cores),
    ])];
  });
  return markdown(['', 'requests/s, paced', 'CPU µs/request', 'can do, of one loop on one core', 'requests/s, full', 'CPU µs/request',
    'can do, of one loop on one core'], rows);
}

async function main(argv) {
  const options = numbers(argv, { rounds: 6, rate: 4000, warm: 12, seconds: 6, connections: 32 });
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
