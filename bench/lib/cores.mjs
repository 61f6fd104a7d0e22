// Which core is whose.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { Failure, usage } from './failure.mjs';

/** The cores that this process may use. */
const allowed = () => listed(readFileSync('/proc/self/status', 'utf8').match(/^Cpus_allowed_list:\s*(\S+)/m)[1]);

/** Cores in a list such as 0,2-3. */
function listed(list) {
  return list.split(',').flatMap((part) => {
    const [first, last = first] = part.split('-').map(Number);
    return Array.from({ length: last - first + 1 }, (_, index) => first + index);
  });
}

/** The proxies' core and those of load and upstreams; this program itself moves to the latter. */
export function divideCores(options) {
  const cores = allowed();
  if (cores.length < 2) {
    throw new Failure('this process may use one core only (expected: two, one for the proxy and one for load and upstreams)');
  }
  const proxyCore = options.proxyCore ?? String(cores.at(-1));
  const loadCores = options.loadCores ?? String(cores.find((core) => String(core) !== proxyCore));
  const loading = listed(loadCores);
  if (![Number(proxyCore), ...loading].every((core) => cores.includes(core))) {
    throw usage(`--proxy-core ${proxyCore}, --load-cores ${loadCores}: this process may use the cores ${cores.join(', ')} only`);
  }
  if (loading.includes(Number(proxyCore))) {
    throw usage(`--load-cores ${loadCores}: has the proxies' core ${proxyCore} in it`);
  }
  execFileSync('taskset', ['-acp', loadCores, String(process.pid)], { stdio: 'ignore' });
  return { proxyCore, loadCores };
}
