import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { find } from '../lib/commands.mjs';
import { responds } from '../lib/http.mjs';
import { home } from '../lib/home.mjs';
import { freePorts } from '../lib/ports.mjs';
import { until } from '../lib/processes.mjs';

const PACKAGE = 'http-proxy@1.18.1';

export const node = {
  name: 'node',
  title: 'Node http-proxy',
  jit: true,
  note: `${PACKAGE} with a keep-alive agent (1024 idle connections an upstream); adds no X-Forwarded-For`,
  missing: () => (find('npm') ? undefined : 'npm is not on the PATH'),
  version: () => `${PACKAGE.split('@')[1]} on Node.js ${process.versions.node}`,
  cannot: (protocol) => (protocol === 'http' ? undefined : 'it takes part in clear text and HTTP/1.1 only'),
  async start({ temp, processes, proxyCore, upstreams }) {
    const [port] = await freePorts(1);
    const folder = join(temp, 'node');
    mkdirSync(folder, { recursive: true });
    await processes.run('npm', proxyCore, find('npm'),
      ['install', '--prefix', folder, '--prefer-offline', '--no-audit', '--no-fund', '--no-save', '--loglevel=error', PACKAGE]);
    const started = processes.start('node', proxyCore, process.execPath,
      [join(home, 'bench/peers/node-balancer.cjs'), `${port}`, ...upstreams.map(String)],
      { HTTP_PROXY_FOLDER: folder, NODE_ENV: 'production' });
    await until(started, 'it responded', () => responds(port, '/28'));
    return { port, process: started };
  },
};
