// A JVM that is looked at: its settings by environment, so that the front door's own options stay; its memory by jcmd.
import { Failure } from './failure.mjs';
import { findJava } from './commands.mjs';

/** The environment that gives a JVM more options. */
export const withOptions = (...options) => ({
  JDK_JAVA_OPTIONS: [process.env.JDK_JAVA_OPTIONS, ...options].filter(Boolean).join(' '),
});

export class Jvm {
  #context;
  #pid;

  constructor(context, pid) {
    this.#context = context;
    this.#pid = pid;
  }

  #jcmd(...command) {
    return this.#context.processes.run('jcmd', this.#context.loadCores, findJava('jcmd'), [String(this.#pid), ...command]);
  }

  /** The largest heap it may have, in bytes. */
  async maxHeap() {
    const flag = (await this.#jcmd('VM.flags', '-all')).match(/\bMaxHeapSize\s*:?=\s*(\d+)/);
    if (!flag) {
      throw new Failure('jcmd does not tell the heap\'s limit');
    }
    return Number(flag[1]);
  }

  /** Bytes in use on the heap after a collection of all of it. */
  async heapInUse() {
    await this.#jcmd('GC.run');
    const generations = (await this.#jcmd('GC.heap_info')).split('\n').filter((line) => !/Metaspace|class space/.test(line));
    return sum(generations.map((line) => line.match(/\bused (\d+)K/)?.[1] ?? 0)) * 1024;
  }

  /** Bytes that all threads alive have allocated on the heap so far. */
  async allocated() {
    const threads = await this.#jcmd('Thread.print', '-e');
    return sum([...threads.matchAll(/ allocated=(\d+)([BKMG])/g)].map(([, count, unit]) => count * 1024 ** 'BKMG'.indexOf(unit)));
  }

  /** Bytes of memory taken outside of the heap for buffers; needs -XX:NativeMemoryTracking=summary. */
  async direct() {
    const other = (await this.#jcmd('VM.native_memory', 'summary')).match(/\bOther \(reserved=\d+KB, committed=(\d+)KB\)/);
    return other ? Number(other[1]) * 1024 : 0;
  }
}

const sum = (numbers) => numbers.reduce((total, each) => total + Number(each), 0);
