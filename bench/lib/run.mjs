// bench/run: this balancer beside its peers. See options.mjs for what can be asked for.
import { loadavg } from 'node:os';
import { PEERS, QUICK_PEERS } from '../peers/all.mjs';
import { allocations } from './allocations.mjs';
import { CASES, QUICK } from './cases.mjs';
import { divideCores } from './cores.mjs';
import { document, replaceGenerated } from './document.mjs';
import { Failure } from './failure.mjs';
import { machine } from './machine.mjs';
import { parse, USAGE } from './options.mjs';
import { Rounds } from './rounds.mjs';
import { need, report, session } from './session.mjs';
import { startUpstreams } from './upstreams.mjs';

const names = (all) => all.map(({ name }) => name);
const say = (text) => console.error(text);

/** Those that were asked for and are here, each with its version. */
function present(options) {
  const wanted = PEERS.filter(({ name }) => options.peers.includes(name));
  const here = wanted.filter((peer) => {
    const reason = peer.missing();
    if (reason && peer.name === 'pointsman') {
      throw new Failure(reason);
    }
    if (reason) {
      say(`${peer.name}: ${reason}, skipped`);
    }
    return !reason;
  });
  return here.map((peer) => ({ ...peer, version: peer.version() }));
}

/** A process of each, new in every round; who did not start once is not tried again. */
async function start(wanted, context) {
  const started = [];
  for (const peer of wanted.filter(({ skipped }) => !skipped)) {
    try {
      started.push({ ...peer, running: await peer.start(context) });
    } catch (error) {
      if (!(error instanceof Failure) || peer.name === 'pointsman') {
        throw error;
      }
      peer.skipped = true;
      say(`${peer.name}: ${error.message}, skipped`);
    }
  }
  if (started.length === 0) {
    throw new Failure('none of the peers is here');
  }
  return started;
}

function progress(what, benchCase, peer, { rate, cpu, others }) {
  const disturbed = others > 0.05 ? `  (others took ${(others * 100).toFixed(0)} % of the core)` : '';
  say(`${what.padEnd(12)} ${benchCase.name.padEnd(13)} ${peer.name.padEnd(14)} `
    + `${rate.toFixed(0).padStart(7)}/s ${cpu.toFixed(1).padStart(8)} µs${disturbed}`);
}

async function measureAll(options, wanted, context) {
  const seconds = options.seconds ?? (options.quick ? 1 : undefined);
  const cases = CASES.filter(({ name }) => options.cases.includes(name))
    .map((each) => ({ ...each, seconds: seconds ?? each.seconds }));
  const rounds = new Rounds(context, progress, say);
  let allocated = [];
  for (let round = 0; round < options.rounds; round++) {
    const load = loadavg()[0];
    const peers = await start(wanted, context);
    for (const peer of peers) {
      say(`warm-up      ${peer.name}`);
      await rounds.warmUp(peer, cases, options.quick ? 10 : 20);
    }
    await rounds.round(round, peers, cases);
    await rounds.halfLoad(round, peers, cases);
    rounds.loads.push(load);
    if (round === options.rounds - 1 && !options.quick) {
      allocated = await allocations(context, peers, cases);
    }
    for (const peer of peers) {
      await context.processes.stop(peer.running.process);
    }
  }
  return { cases, rounds, allocated };
}

async function main(argv) {
  const usual = names(PEERS.filter(({ spare }) => !spare));
  const options = parse(argv, names(PEERS), names(CASES), { peers: usual, quick: { peers: QUICK_PEERS, cases: QUICK } });
  if (options.help) {
    console.log(USAGE.replace('PEERS', names(PEERS).join(', ')).replace('CASES', names(CASES).join(' ')));
    return;
  }
  need({ wrk: 'for the load', taskset: 'of util-linux, for one core each', nginx: 'for the upstreams' });
  // Before this program moves to one core: the front door may have to build.
  const wanted = present(options);
  const cores = divideCores(options);
  await session('bench/run', options.keep, async ({ temp, processes }) => {
    const context = { temp, processes, ...cores };
    const facts = machine(cores, wanted, ['bench/run', ...argv].join(' '));
    context.upstreams = await startUpstreams(context);
    const results = await measureAll(options, wanted, context);
    const text = document(facts, wanted.filter(({ skipped }) => !skipped), results);
    console.log(`\n${text}`);
    if (options.write) {
      replaceGenerated(text);
    }
    return results.rounds.failed ? 1 : 0;
  });
}

main(process.argv.slice(2)).catch((error) => {
  report('bench/run', error);
  process.exit(error.exitCode ?? 1);
});
