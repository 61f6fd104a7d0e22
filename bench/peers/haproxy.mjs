import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { asked, find } from '../lib/commands.mjs';
import { responds } from '../lib/http.mjs';
import { freePorts } from '../lib/ports.mjs';
import { until } from '../lib/processes.mjs';

const config = (port, upstreams) => `
global
  nbthread 1
  maxconn 4096
defaults
  mode http
  timeout connect 2s
  timeout client 60s
  timeout server 60s
  timeout http-keep-alive 300s
  option http-keep-alive
  option forwardfor
  http-reuse always
  balance roundrobin
frontend clients
  bind 127.0.0.1:${port} backlog 8192
  default_backend both
backend both
${upstreams.map((upstream, index) => `  server upstream${index + 1} 127.0.0.1:${upstream}`).join('\n')}
`;

export const haproxy = {
  name: 'haproxy',
  title: 'HAProxy',
  note: 'one thread, `http-reuse always`, no log; adds X-Forwarded-For',
  missing: () => (find('haproxy') ? undefined : 'not on the PATH'),
  version: () => asked(/version (\S+)/, find('haproxy'), '-v'),
  async start({ temp, processes, proxyCore, upstreams }) {
    const [port] = await freePorts(1);
    const file = join(temp, 'haproxy.cfg');
    writeFileSync(file, config(port, upstreams));
    const started = processes.start('haproxy', proxyCore, find('haproxy'), ['-db', '-f', file]);
    await until(started, 'it responded', () => responds(port, '/28'));
    return { port, process: started };
  },
};
