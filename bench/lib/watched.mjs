// A balancer whose memory is looked at: for bench/idle and bench/bodies.
import { frontDoor, missing, startPointsman } from '../peers/pointsman.mjs';
import { asked, findJava } from './commands.mjs';
import { Failure } from './failure.mjs';
import { Jvm, withOptions } from './jvm.mjs';

/** Fails if there is no balancer to look at, or nothing to look with. */
export function needPointsman() {
  const reason = missing() ?? (findJava('jcmd') ? undefined : 'there is no jcmd, which belongs to a JDK');
  if (reason) {
    throw new Failure(reason);
  }
  // Builds what is out of date before anything is pinned.
  asked(/(\d\S*)/, frontDoor, '--version');
}

/** Starts a balancer by the front door on a core of its own, with the given heap; gives { port, process, jvm }. */
export async function startWatched(context, { heap, upstreams, jvmOptions = [], more = [] }) {
  const started = await startPointsman({
    name: 'pointsman', command: [frontDoor], processes: context.processes, cores: context.proxyCore, upstreams, more,
    environment: withOptions(`-Xmx${heap}m`, ...jvmOptions),
  });
  const jvm = new Jvm(context, started.process.pid);
  const limit = await jvm.maxHeap();
  if (limit !== heap * 2 ** 20) {
    throw new Failure(`the balancer has a heap of ${limit >> 20} MB at most instead of ${heap}: the front door sets one of its own`);
  }
  return { ...started, jvm };
}

/** Bytes as a reader wants them. */
export const mb = (bytes) => `${(bytes / 1e6).toFixed(1)} MB`;
