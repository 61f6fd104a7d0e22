import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { asked, find } from '../lib/commands.mjs';
import { freePorts } from '../lib/ports.mjs';
import { until } from '../lib/processes.mjs';
import { serves } from '../lib/requests.mjs';

/** Debian's module for TCP, which a configuration has to load; other builds have it in them. */
const STREAM = '/usr/lib/nginx/modules/ngx_stream_module.so';

const streamBuiltIn = () => asked(/(--with-stream)(?:\s|$)/, find('nginx'), '-V') !== '';

/** How the clients' port is opened, by what is spoken there. */
const LISTEN = { tls: ' ssl', h2: ' ssl http2', h2c: ' http2', grpc: ' http2' };

const certificateLines = ({ cert, key }) => `
    ssl_protocols TLSv1.3;
    ssl_certificate ${cert};
    ssl_certificate_key ${key};`;

const PASS_HTTP = `
      proxy_pass http://both;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header Host $http_host;
      proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;`;

const PASS_GRPC = `
      grpc_pass grpc://both;
      grpc_set_header X-Forwarded-For $proxy_add_x_forwarded_for;`;

const servers = (upstreams) => upstreams.map((upstream) => `    server 127.0.0.1:${upstream};`).join('\n');

const http = (folder, protocol, port, upstreams, certificate) => `
http {
  access_log off;
  tcp_nodelay on;
  keepalive_timeout 300s;
  keepalive_requests 1000000000;
  client_max_body_size 0;
  client_body_temp_path ${folder}/body;
  proxy_temp_path ${folder}/proxy;
  upstream both {
${servers(upstreams)}
    keepalive 1024;
    keepalive_requests 1000000000;
    keepalive_timeout 300s;
  }
  server {
    listen 127.0.0.1:${port}${LISTEN[protocol] ?? ''} backlog=8192;${LISTEN[protocol]?.includes('ssl') ? certificateLines(certificate) : ''}
    location / {${protocol === 'grpc' ? PASS_GRPC : PASS_HTTP}
    }
  }
}
`;

const stream = (port, upstreams) => `
stream {
  tcp_nodelay on;
  upstream both {
${servers(upstreams)}
  }
  server {
    listen 127.0.0.1:${port} backlog=8192;
    proxy_pass both;
  }
}
`;

const config = (folder, protocol, port, upstreams, certificate) => `${protocol === 'tcp' && !streamBuiltIn() ? `load_module ${STREAM};` : ''}
daemon off;
worker_processes 1;
worker_rlimit_nofile 16384;
pid ${folder}/nginx.pid;
error_log stderr error;
events { worker_connections 8192; }
${protocol === 'tcp' ? stream(port, upstreams) : http(folder, protocol, port, upstreams, certificate)}`;

export const nginx = {
  name: 'nginx',
  title: 'nginx',
  note: 'one worker, 1024 idle connections kept to upstreams, HTTP/1.1 to them, no access log, no limit on bodies, '
    + 'buffering as by default; adds X-Forwarded-For; `grpc_pass` for gRPC, its `stream` module for TCP',
  missing: () => (find('nginx') ? undefined : 'not on the PATH'),
  version: () => asked(/nginx\/(\S+)/, find('nginx'), '-v'),
  cannot: (protocol) => (protocol === 'tcp' && !streamBuiltIn() && !existsSync(STREAM)
    ? 'its stream module is not here (apt-get install libnginx-mod-stream)' : undefined),
  async start({ temp, processes, proxyCore, upstreams, grpcUpstreams, certificate }, protocol = 'http') {
    const [port] = await freePorts(1);
    const folder = join(temp, 'nginx');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'nginx.conf'), config(folder, protocol, port,
      protocol === 'grpc' ? grpcUpstreams : upstreams, certificate));
    const started = processes.start('nginx', proxyCore, find('nginx'), ['-p', folder, '-c', join(folder, 'nginx.conf')]);
    await until(started, 'it responded', () => serves(port, protocol));
    return { port, process: started };
  },
};
