import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { asked, find } from '../lib/commands.mjs';
import { freePorts } from '../lib/ports.mjs';
import { until } from '../lib/processes.mjs';
import { serves } from '../lib/requests.mjs';

/** How the clients' port is opened, by what is spoken there. */
const BIND = {
  tls: ({ both }) => ` ssl crt ${both} ssl-min-ver TLSv1.3`,
  h2: ({ both }) => ` ssl crt ${both} ssl-min-ver TLSv1.3 alpn h2,http/1.1`,
  h2c: () => ' proto h2',
  grpc: () => ' proto h2',
};

const HTTP = `
  mode http
  timeout http-keep-alive 300s
  option http-keep-alive
  option forwardfor
  http-reuse always`;

const config = (protocol, port, upstreams, certificate) => `
global
  nbthread 1
  maxconn 4096
defaults
  timeout connect 2s
  timeout client 60s
  timeout server 60s
  balance roundrobin${protocol === 'tcp' ? '\n  mode tcp' : HTTP}
frontend clients
  bind 127.0.0.1:${port} backlog 8192${BIND[protocol]?.(certificate) ?? ''}
  default_backend both
backend both
${upstreams.map((upstream, index) => `  server upstream${index + 1} 127.0.0.1:${upstream}${protocol === 'grpc' ? ' proto h2' : ''}`).join('\n')}
`;

export const haproxy = {
  name: 'haproxy',
  title: 'HAProxy',
  note: 'one thread, `http-reuse always`, no log; adds X-Forwarded-For; HTTP/2 to upstreams for gRPC; `mode tcp` for TCP',
  missing: () => (find('haproxy') ? undefined : 'not on the PATH'),
  version: () => asked(/version (\S+)/, find('haproxy'), '-v'),
  async start({ temp, processes, proxyCore, upstreams, grpcUpstreams, certificate }, protocol = 'http') {
    const [port] = await freePorts(1);
    const file = join(temp, 'haproxy.cfg');
    writeFileSync(file, config(protocol, port, protocol === 'grpc' ? grpcUpstreams : upstreams, certificate));
    const started = processes.start('haproxy', proxyCore, find('haproxy'), ['-db', '-f', file]);
    await until(started, 'it responded', () => serves(port, protocol));
    return { port, process: started };
  },
};
