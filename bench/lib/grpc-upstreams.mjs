// Two upstreams that respond to calls of gRPC: nginx, which has the call whole before it sends one message and a status of 0.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { find } from './commands.mjs';
import { CALL, message } from './grpc.mjs';
import { freePorts } from './ports.mjs';
import { until } from './processes.mjs';
import { serves } from './requests.mjs';

/** POST: as with the other upstreams; the refusal becomes a GET of the file with the message. */
const config = (folder, port) => `
daemon off;
master_process off;
worker_rlimit_nofile 16384;
pid ${folder}/nginx.pid;
error_log stderr warn;
events { worker_connections 8192; }
http {
  access_log off;
  tcp_nodelay on;
  sendfile on;
  open_file_cache max=16;
  keepalive_timeout 300s;
  keepalive_requests 1000000000;
  client_body_temp_path ${folder}/body;
  server {
    listen 127.0.0.1:${port} http2 backlog=8192;
    root ${folder}/www;
    location = ${CALL} {
      mirror /read-whole;
      error_page 405 =200 /message;
    }
    location = /message {
      internal;
      types { }
      default_type application/grpc;
      add_trailer grpc-status 0;
    }
    location = /read-whole { internal; return 204; }
  }
}
`;

/** Starts both; gives their ports. */
export async function startGrpcUpstreams({ temp, processes, loadCores }, bytes) {
  const ports = await freePorts(2);
  await Promise.all(ports.map(async (port, index) => {
    const name = `grpc-upstream-${index + 1}`;
    const folder = join(temp, name);
    mkdirSync(join(folder, 'www/bench.Echo'), { recursive: true });
    writeFileSync(join(folder, 'www/message'), message(bytes));
    writeFileSync(join(folder, `www${CALL}`), '');
    const file = join(folder, 'nginx.conf');
    writeFileSync(file, config(folder, port));
    const started = processes.start(name, loadCores, find('nginx'), ['-p', folder, '-c', file]);
    await until(started, 'it responded', () => serves(port, 'grpc'));
  }));
  return ports;
}
