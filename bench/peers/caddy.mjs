import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { asked, find } from '../lib/commands.mjs';
import { responds } from '../lib/http.mjs';
import { freePorts } from '../lib/ports.mjs';
import { until } from '../lib/processes.mjs';

const config = (port, upstreams) => `
{
  admin off
  auto_https off
}
http://:${port} {
  bind 127.0.0.1
  reverse_proxy ${upstreams.map((upstream) => `127.0.0.1:${upstream}`).join(' ')} {
    lb_policy round_robin
    transport http {
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
  note: 'GOMAXPROCS=1, 1024 idle connections kept an upstream, admin off, no access log; adds X-Forwarded-For, -Proto and -Host',
  missing: () => (find('caddy') ? undefined : 'not on the PATH'),
  version: () => asked(/v?(\d\S*)/, find('caddy'), 'version'),
  async start({ temp, processes, proxyCore, upstreams }) {
    const [port] = await freePorts(1);
    const folder = join(temp, 'caddy');
    mkdirSync(folder);
    const file = join(folder, 'Caddyfile');
    writeFileSync(file, config(port, upstreams));
    const started = processes.start('caddy', proxyCore, find('caddy'), ['run', '--config', file, '--adapter', 'caddyfile'],
      { GOMAXPROCS: '1', HOME: folder, XDG_CONFIG_HOME: folder, XDG_DATA_HOME: folder });
    await until(started, 'it responded', () => responds(port, '/28'));
    return { port, process: started };
  },
};
