// bench/scale: registry clients and pools of balancers over a simulated Consul, see bench/micro's ScaleSimulation.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { findJava } from './commands.mjs';
import { Failure } from './failure.mjs';
import { numbers } from './flags.mjs';
import { home } from './home.mjs';
import { report } from './session.mjs';

const USAGE = `Usage: bench/scale [--balancers 1] [--services 1000] [--instances 100] [--changes 10] [--seconds 30] [--seed 19] [--heap 1024]

Has so many balancers' registry clients and pools follow so many services of so many instances each, in one JVM with a
simulated Consul, over loopback. No instance exists; what follows them is what a balancer runs. Prints the heap an instance
takes, how soon first views and changes are in all pools, and what Consul is asked for: at the start, with nothing to tell for so
many seconds, and for a change. Of 200 balancers: bench/scale --balancers 200 --services 20 --instances 10 --changes 5 --heap 3072`;

const JAR = join(home, 'bench/micro/target/bench-micro.jar');

async function main(argv) {
  const options = numbers(argv, {
    balancers: 1, services: 1000, instances: 100, changes: 10, seconds: 30, seed: 19, heap: 1024,
  });
  if (options.help) {
    console.log(USAGE);
    return;
  }
  if (!existsSync(JAR)) {
    throw new Failure(`${JAR} is not built (mvn -Pbench -Dquick -DskipTests -pl bench/micro -am package)`);
  }
  const { balancers, services, instances, changes, seconds, seed } = options;
  console.log(`${balancers} balancers, ${services} services of ${instances} instances, seed ${seed}, a heap of ${options.heap} MB`);
  const java = spawn(findJava(), [
    '-XX:+UseSerialGC', `-Xmx${options.heap}m`, '-cp', JAR, 'dev.pointsman.bench.ScaleSimulation',
    ...[balancers, services, instances, changes, seconds, seed].map(String),
  ], { stdio: 'inherit' });
  const code = await new Promise((resolve, reject) => {
    java.on('error', reject);
    java.on('exit', (exit, signal) => resolve(exit ?? signal));
  });
  if (code !== 0) {
    throw new Failure(`the simulation ended with ${code}`);
  }
}

main(process.argv.slice(2)).catch((error) => {
  report('bench/scale', error);
  process.exit(error.exitCode ?? 1);
});
