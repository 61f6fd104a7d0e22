// The command line of bench/run.
import { usage } from './failure.mjs';

export const USAGE = `Usage: bench/run [OPTIONS]

Measures Pointsman beside its peers: each proxy on one core, load and upstreams on another.

  --quick              fewer peers and cases, and shorter, in under 3 minutes; docs/benchmarks.md stays
  --peers A,B          these of: PEERS
  --cases A,B          only these; * stands for anything, as in 'get-*-32'. All:
                       CASES
  --rounds N           rounds, each with new processes of all peers, of which the medians count (6)
  --seconds N          of each measurement, whole (3; with 512 connections and in --quick less)
  --write              write docs/benchmarks.md also where only a part was measured
  --no-write           never write it
  --proxy-core N       the core of the proxies (the last that this process may use)
  --load-cores LIST    the cores of load and upstreams, as for taskset (the first)
  --keep               keep the temporary folder: configurations and logs
  --help

Needs Linux, Node.js 18 or newer, wrk, taskset, nginx (for the upstreams), a JDK, and Pointsman's jar. Cases with HTTP/2 need h2load, those
with TLS openssl; without them they are skipped with a word.`;

/**
 * Reads arguments; every name in a list must be one of those that there are.
 *
 * @param usual the peers that take part unless others are asked for, and { peers, cases } of `--quick`
 */
export function parse(argv, peers, cases, usual) {
  const options = { quick: false, rounds: 6, keep: false };
  const rest = [...argv];
  const value = (flag) => {
    if (rest.length === 0 || rest[0].startsWith('--')) {
      throw usage(`${flag} needs a value`);
    }
    return rest.shift();
  };
  while (rest.length > 0) {
    const flag = rest.shift();
    switch (flag) {
      case '--help': case '-h': options.help = true; break;
      case '--quick': options.quick = true; break;
      case '--write': options.write = true; break;
      case '--no-write': options.write = false; break;
      case '--keep': options.keep = true; break;
      case '--peers': options.peers = chosen(flag, value(flag), peers); break;
      case '--cases': options.cases = chosen(flag, value(flag), cases); break;
      case '--rounds': options.rounds = count(flag, value(flag)); break;
      case '--seconds': options.seconds = count(flag, value(flag)); break;
      case '--proxy-core': options.proxyCore = cores(flag, value(flag), /^\d+$/, 'the number of one core'); break;
      case '--load-cores': options.loadCores = cores(flag, value(flag), /^\d+([-,]\d+)*$/, 'numbers such as 0 or 0,2-3'); break;
      default: throw usage(`there is no option '${flag}' (see --help)`);
    }
  }
  options.write ??= !options.peers && !options.cases && !options.quick;
  const most = options.quick ? usual.quick : { peers: usual.peers, cases };
  return { ...options, peers: options.peers ?? most.peers, cases: options.cases ?? most.cases };
}

function chosen(flag, text, names) {
  const patterns = text.split(',').filter(Boolean);
  const wrong = patterns.find((pattern) => !names.some((name) => matches(pattern, name)));
  if (wrong !== undefined || patterns.length === 0) {
    throw usage(`${flag} ${text}: there is no '${wrong ?? ''}' (expected any of: ${names.join(', ')})`);
  }
  return names.filter((name) => patterns.some((pattern) => matches(pattern, name)));
}

function matches(pattern, name) {
  return new RegExp(`^${pattern.replace(/[^\w*-]/g, '\\$&').replaceAll('*', '.*')}$`).test(name);
}

function count(flag, text) {
  if (!/^[1-9]\d{0,3}$/.test(text)) {
    throw usage(`${flag} ${text}: expected a whole number from 1`);
  }
  return Number(text);
}

function cores(flag, text, pattern, expected) {
  if (!pattern.test(text)) {
    throw usage(`${flag} ${text}: expected ${expected}`);
  }
  return text;
}
