import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { asked, find } from '../lib/commands.mjs';
import { freePorts } from '../lib/ports.mjs';
import { until } from '../lib/processes.mjs';
import { PROTOCOLS, serves } from '../lib/requests.mjs';

/** What its servers may speak, by what is spoken there; h1 is what it takes clear text by. */
const SPOKEN = { tls: 'h1', h2: 'h1 h2', h2c: 'h1 h2c', grpc: 'h1 h2c' };

const overTls = (protocol) => PROTOCOLS[protocol].tls;

const config = (protocol, port, upstreams, certificate) => `
{
  admin off
  auto_https off
  servers {
    protocols ${SPOKEN[protocol] ?? 'h1'}
  }
}
${overTls(protocol) ? 'https' : 'http'}://:${port} {
  bind 127.0.0.1${overTls(protocol) ? `
  tls ${certificate.cert} ${certificate.key} {
    protocols tls1.3
  }` : ''}
  reverse_proxy ${upstreams.map((upstream) => `${protocol === 'grpc' ? 'h2c://' : ''}127.0.0.1:${upstream}`).join(' ')} {
    lb_policy round_robin
    transport http {${protocol === 'grpc' ? '\n      versions h2c' : ''}
      keepalive 5m
      keepalive_idle_conns 2048
      keepalive_idle_conns_per_host 1024
    }
  }
}
`;

export const caddy = {
  name: 'caddy',
  title: 'Caddy',
  note: 'GOMAXPROCS=1, 1024 idle connections kept an upstream, admin off, no access log; adds X-Forwarded-For, -Proto and -Host; h2c to upstreams for gRPC',
  missing: () => (find('caddy') ? undefined : 'not on the PATH'),
  version: () => asked(/v?(\d\S*)/, find('caddy'), 'version'),
  cannot: (protocol) => (protocol === 'tcp' ? 'it relays TCP only by a plugin that Debian has not (layer4)' : undefined),
  async start({ temp, processes, proxyCore, upstreams, grpcUpstreams, certificate }, protocol = 'http') {
    const [port] = await freePorts(1);
    const folder = join(temp, 'caddy');
    mkdirSync(folder, { recursive: true });
    const file = join(folder, 'Caddyfile');
    writeFileSync(file, config(protocol, port, protocol === 'grpc' ? grpcUpstreams : upstreams, certificate));
    const started = processes.start('caddy', proxyCore, find('caddy'), ['run', '--config', file, '--adapter', 'caddyfile'],
      { GOMAXPROCS: '1', HOME: folder, XDG_CONFIG_HOME: folder, XDG_DATA_HOME: folder });
    await until(started, 'it responded', () => serves(port, protocol));
    return { port, process: started };
  },
};
