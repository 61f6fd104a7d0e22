// Where and with what a measurement was made.
import { spawnSync } from 'node:child_process';
import { cpus, release, totalmem } from 'node:os';
import { asked, find, findJava } from './commands.mjs';
import { home } from './home.mjs';

/** Rows of what a reader needs in order to repeat a measurement, taken before it. */
export function machine({ proxyCore, loadCores }, peers, command) {
  const { stdout } = spawnSync('git', ['-C', home, 'describe', '--always', '--dirty'], { encoding: 'utf8' });
  return [
    ['command', `\`${command}\``],
    ['date', `${new Date().toISOString().slice(0, 16).replace('T', ' ')} UTC`],
    ['revision', (stdout ?? '').trim() || 'unknown'],
    ['CPU', `${cpus()[0].model.trim()}, ${cpus().length} cores; proxy on core ${proxyCore}, load and upstreams on ${loadCores}`],
    ['memory', `${Math.round(totalmem() / 2 ** 30)} GiB`],
    ['kernel', release()],
    ['JDK', findJava() ? asked(/version "(\S+)"/, findJava(), '-version') : 'none'],
    ['load', [`wrk ${asked(/wrk (?:debian\/)?(\S+)/, find('wrk'), '-v')}`,
      find('h2load') && `h2load ${asked(/nghttp2\/(\S+)/, find('h2load'), '--version')}`,
      find('openssl') && `OpenSSL ${asked(/OpenSSL (\S+)/, find('openssl'), 'version')}`].filter(Boolean).join(', ')],
    ['upstreams', `nginx ${asked(/nginx\/(\S+)/, find('nginx'), '-v')}, two processes`],
  ].concat(peers.map((peer) => [peer.title, `${peer.version}: ${peer.note}`]));
}
