// What a request costs on the heap of the proxies that are JVMs: what their threads allocated, over the requests.
import { existsSync } from 'node:fs';
import { findJava } from './commands.mjs';
import { Jvm } from './jvm.mjs';
import { measure } from './measure.mjs';

const CASES = ['get-28-32', 'get-10k-32', 'post-10k-32', 'tls-28-32', 'tls-handshake', 'h2-28', 'h2-10k', 'h2c-28', 'grpc-28', 'tcp-28-32'];
const SECONDS = 2;

/** Bytes by case and peer: [{ title, peer, bytes }]; nothing without a jcmd. */
export async function allocations(context, peers, cases) {
  const found = [];
  if (!existsSync(findJava('jcmd') ?? '')) {
    return found;
  }
  for (const each of cases.filter(({ name }) => CASES.includes(name))) {
    for (const peer of peers.filter(({ jvm, spare, running }) => jvm && !spare && !running.process.ended)) {
      const jvm = new Jvm(context, peer.running.process.pid);
      const before = await jvm.allocated();
      const { requests } = await measure(context, peer.running, each.load, SECONDS);
      found.push({ title: each.title, peer: peer.title, bytes: (await jvm.allocated() - before) / requests });
    }
  }
  return found;
}
