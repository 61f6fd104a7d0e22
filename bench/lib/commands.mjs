// Programs of this machine: where they are, and what version they say they are.
import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Where a program is: on the PATH or where Debian puts those of administrators. */
export function find(program) {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/local/sbin', '/usr/sbin', '/sbin'];
  return folders.filter(Boolean).map((folder) => join(folder, program)).find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** A JDK's program, chosen as the front door chooses it. */
export function findJava(program = 'java') {
  const { JAVA_HOME } = process.env;
  return JAVA_HOME ? join(JAVA_HOME, 'bin', program) : find(program);
}

/** The first match of a pattern in what a program prints, standard error included; '' if there is none. */
export function asked(pattern, program, ...args) {
  const { stdout, stderr } = spawnSync(program, args, { encoding: 'utf8', timeout: 600_000 });
  return `${stdout ?? ''}\n${stderr ?? ''}`.match(pattern)?.[1] ?? '';
}
