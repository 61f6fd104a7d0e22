// Every process that a measurement starts: pinned, its output in a file, and ended by its pid whatever happens.
import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from './failure.mjs';
import { runs, tree } from './proc.mjs';

const GRACE_MS = 5000;

/** So often that the time until a process responds can be told. */
const LOOK_MS = 5;
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

export class Processes {
  #folder;
  #running = new Set();

  /** Whether everything is being ended; what fails then says nothing. */
  ending = false;

  /** @param folder where each process's output goes */
  constructor(folder) {
    this.#folder = folder;
  }

  /**
   * Starts a program on the given cores, in a process group of its own, so that Ctrl-C reaches this program alone and
   * the rest ends in order.
   */
  start(name, cores, command, args = [], environment = {}) {
    this.#refuseWhileEnding();
    const log = join(this.#folder, `${name}.log`);
    const output = openSync(log, 'a');
    const child = spawn('taskset', ['-c', cores, command, ...args], {
      detached: true, stdio: ['ignore', output, output], cwd: this.#folder, env: { ...process.env, ...environment },
    });
    closeSync(output);
    const started = { name, pid: child.pid, log, ended: false };
    child.on('error', () => { started.ended = true; });
    child.on('exit', () => {
      started.ended = true;
      this.#running.delete(started);
    });
    this.#running.add(started);
    return started;
  }

  /** Runs a program to its end on the given cores; gives what it wrote to standard output. */
  async run(name, cores, command, args = [], environment = {}) {
    this.#refuseWhileEnding();
    const child = spawn('taskset', ['-c', cores, command, ...args], {
      detached: true, stdio: ['ignore', 'pipe', 'pipe'], cwd: this.#folder, env: { ...process.env, ...environment },
    });
    const started = { name, pid: child.pid };
    this.#running.add(started);
    let output = '';
    let errors = '';
    child.stdout.on('data', (data) => { output += data; });
    child.stderr.on('data', (data) => { errors += data; });
    const code = await new Promise((resolve) => {
      child.on('error', (error) => resolve(error.message));
      child.on('close', (exit, signal) => resolve(exit ?? signal));
    });
    this.#running.delete(started);
    if (code !== 0) {
      throw new Failure(`${name} failed (${code}): ${(errors || output).trim().split('\n').slice(-3).join(' / ')}`);
    }
    return output;
  }

  /** The process ids of those that run and whose names match, in the order of their starts. */
  pids(pattern) {
    return [...this.#running].filter(({ name }) => pattern.test(name)).map(({ pid }) => pid);
  }

  /** A measurement goes on for a moment after Ctrl-C; what it started then would outlive it. */
  #refuseWhileEnding() {
    if (this.ending) {
      throw new Error('everything is being ended');
    }
  }

  /** Ends one process and its descendants. */
  async stop(started) {
    const family = tree(started.pid);
    signal([started], 'SIGTERM');
    for (let waited = 0; waited < GRACE_MS && family.some(runs); waited += 20) {
      await sleep(20);
    }
    signal(family.filter(runs), 'SIGKILL');
    this.#running.delete(started);
  }

  /** Ends all of them; none starts from now on. */
  async stopAll() {
    this.ending = true;
    await Promise.all([...this.#running].map((each) => this.stop(each)));
  }
}

function signal(processes, name) {
  for (const { pid } of processes) {
    try {
      process.kill(pid, name);
    } catch (error) {
      if (error.code !== 'ESRCH') {
        throw error;
      }
    }
  }
}

/** Waits until a condition holds; says how the process's log ends if it does not come to that. */
export async function until(started, what, condition, seconds = 30) {
  const end = performance.now() + seconds * 1000;
  while (!started.ended && performance.now() < end) {
    if (await condition()) {
      return;
    }
    await sleep(LOOK_MS);
  }
  const said = readFileSync(started.log, 'utf8').trim().split('\n').slice(-3).join(' / ');
  const happened = started.ended ? 'ended before' : 'did not come so far that';
  throw new Failure(`${started.name} ${happened} ${what}: ${said || 'it said nothing'}`);
}
