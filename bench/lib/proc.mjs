// What /proc knows of a process and its descendants: nginx, for one, works in children.
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';

let ticks;

/** Ticks of the kernel's accounting, in a second. */
function ticksPerSecond() {
  ticks ??= Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));
  return ticks;
}

/** What /proc/PID/stat says, also of a thread (PID/task/TID); undefined if there is no such process. */
function stat(pid) {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const name = text.slice(text.indexOf('(') + 1, text.lastIndexOf(')'));
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const [parent, user, system] = [1, 11, 12].map((index) => Number(fields[index]));
    return { name, state: fields[0], parent, user, system, began: fields[19] };
  } catch {
    return undefined;
  }
}

/** A process and all its descendants, each with the time it began, so that a pid that was reused is not taken for it. */
export function tree(root) {
  const all = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
    .map((name) => ({ pid: Number(name), ...stat(name) })).filter((each) => each.parent !== undefined);
  const found = all.filter((each) => each.pid === root);
  for (let i = 0; i < found.length; i++) {
    found.push(...all.filter((each) => each.parent === found[i].pid));
  }
  return found;
}

/** Whether this very process still runs. */
export function runs({ pid, began }) {
  const now = stat(pid);
  return now !== undefined && now.state !== 'Z' && now.began === began;
}

/** User and system time of all threads of a process and its descendants, in seconds. */
export function cpuSeconds(root) {
  return tree(root).reduce((sum, each) => sum + each.user + each.system, 0) / ticksPerSecond();
}

/** User and system time of the threads of one process whose names match, in seconds. */
export function threadSeconds(pid, pattern) {
  return readdirSync(`/proc/${pid}/task`).map((thread) => stat(`${pid}/task/${thread}`))
    .filter((thread) => thread && pattern.test(thread.name))
    .reduce((sum, { user, system }) => sum + user + system, 0) / ticksPerSecond();
}

/** Resident memory of a process and its descendants, in bytes; shared pages count in each. */
export function residentBytes(root) {
  return tree(root).reduce((sum, { pid }) => sum + statusBytes(pid, 'VmRSS'), 0);
}

function statusBytes(pid, key) {
  try {
    const found = readFileSync(`/proc/${pid}/status`, 'utf8').match(new RegExp(`^${key}:\\s+(\\d+) kB`, 'm'));
    return found ? Number(found[1]) * 1024 : 0;
  } catch {
    return 0;
  }
}

/** What a core has worked since the machine started, for whomever, in seconds. */
export function coreSeconds(core) {
  const line = readFileSync('/proc/stat', 'utf8').match(new RegExp(`^cpu${core} (.*)$`, 'm'));
  const [user, nice, system, , , irq, softirq, steal] = line[1].split(' ').map(Number);
  return (user + nice + system + irq + softirq + steal) / ticksPerSecond();
}
