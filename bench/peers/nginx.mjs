import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { asked, find } from '../lib/commands.mjs';
import { responds } from '../lib/http.mjs';
import { freePorts } from '../lib/ports.mjs';
import { until } from '../lib/processes.mjs';

const config = (folder, port, upstreams) => `
daemon off;
worker_processes 1;
worker_rlimit_nofile 16384;
pid ${folder}/nginx.pid;
error_log stderr error;
events { worker_connections 8192; }
http {
  access_log off;
  tcp_nodelay on;
  keepalive_timeout 300s;
  keepalive_requests 1000000000;
  client_max_body_size 0;
  client_body_temp_path ${folder}/body;
  proxy_temp_path ${folder}/proxy;
  upstream both {
${upstreams.map((upstream) => `    server 127.0.0.1:${upstream};`).join('\n')}
    keepalive 1024;
    keepalive_requests 1000000000;
    keepalive_timeout 300s;
  }
  server {
    listen 127.0.0.1:${port} backlog=8192;
    location / {
      proxy_pass http://both;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header Host $http_host;
      proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
    }
  }
}
`;

export const nginx = {
  name: 'nginx',
  title: 'nginx',
  note: 'one worker, 1024 idle connections kept to upstreams, HTTP/1.1 to them, no access log, no limit on bodies, '
    + 'buffering as by default; adds X-Forwarded-For',
  missing: () => (find('nginx') ? undefined : 'not on the PATH'),
  version: () => asked(/nginx\/(\S+)/, find('nginx'), '-v'),
  async start({ temp, processes, proxyCore, upstreams }) {
    const [port] = await freePorts(1);
    const folder = join(temp, 'nginx');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'nginx.conf'), config(folder, port, upstreams));
    const started = processes.start('nginx', proxyCore, find('nginx'), ['-p', folder, '-c', join(folder, 'nginx.conf')]);
    await until(started, 'it responded', () => responds(port, '/28'));
    return { port, process: started };
  },
};
