// The life of a measurement: a temporary folder, processes, and the end of both however it comes.
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { find } from './commands.mjs';
import { Failure } from './failure.mjs';
import { Processes } from './processes.mjs';

const SIGNALS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 };

/** Fails with one sentence if one of these programs is missing; values say what for. */
export function need(programs) {
  if (process.platform !== 'linux') {
    throw new Failure(`this is ${process.platform} (expected: Linux, for taskset and /proc)`);
  }
  for (const [program, purpose] of Object.entries(programs)) {
    if (!find(program)) {
      throw new Failure(`there is no ${program} on the PATH (expected: it, ${purpose})`);
    }
  }
}

/** Runs a program's work; `work` is given { temp, processes } and gives the exit code, if not 0. Ends this process. */
export async function session(program, keep, work) {
  const temp = mkdtempSync(join(tmpdir(), 'pointsman-bench-'));
  // A server that gives up its rights must still reach its own files in there.
  chmodSync(temp, 0o755);
  const processes = new Processes(temp);
  let ending;
  const end = (exitCode) => {
    ending ??= processes.stopAll().then(() => {
      if (keep) {
        console.error(`${program}: configurations and logs are in ${temp}`);
      } else {
        rmSync(temp, { recursive: true, force: true });
      }
      process.exit(exitCode);
    });
    return ending;
  };
  for (const [signal, exitCode] of Object.entries(SIGNALS)) {
    process.on(signal, () => {
      console.error(`${program}: ${signal}, ending what was started`);
      end(exitCode);
    });
  }
  const fail = (error) => {
    // What fails because everything is being ended is no news.
    if (!ending) {
      report(program, error);
    }
    return end(error.exitCode ?? 1);
  };
  process.on('uncaughtException', fail);
  try {
    await end(await work({ temp, processes }) ?? 0);
  } catch (error) {
    await fail(error);
  }
}

/** One sentence for what was foreseen, all there is for what was not. */
export function report(program, error) {
  console.error(error instanceof Failure ? `${program}: ${error.message}` : error);
}
