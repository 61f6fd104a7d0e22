// The two upstreams that every proxy spreads over: nginx, one process each, as light as it gets.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { find } from './commands.mjs';
import { responds } from './http.mjs';
import { freePorts } from './ports.mjs';
import { until } from './processes.mjs';

/** What is asked for: its name in paths and cases, and its bytes. */
export const SIZES = { 28: 28, '10k': 10 * 1024, '1m': 1024 * 1024 };

/** The response to a POST, and the smallest body: 28 bytes. */
const RESPONSE = 'x'.repeat(SIZES['28']);

/**
 * POST: `mirror` makes nginx read the body whole before it responds, which `return` alone would not do; the static handler
 * then refuses the method, and that refusal is turned into the response.
 */
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
  tcp_nopush on;
  sendfile on;
  open_file_cache max=16;
  keepalive_timeout 300s;
  keepalive_requests 1000000000;
  client_max_body_size 0;
  client_body_buffer_size 2m;
  client_body_temp_path ${folder}/body;
  default_type application/octet-stream;
  server {
    listen 127.0.0.1:${port} backlog=8192;
    root ${folder}/www;
    location = /28 { return 200 "${RESPONSE}"; }
    location = /post {
      mirror /read-whole;
      error_page 405 = @response;
    }
    location @response { return 200 "${RESPONSE}"; }
    location = /read-whole { internal; return 204; }
  }
}
`;

/** Starts both; gives their ports. */
export async function startUpstreams({ temp, processes, loadCores }) {
  const ports = await freePorts(2);
  await Promise.all(ports.map(async (port, index) => {
    const folder = join(temp, `upstream-${index + 1}`);
    mkdirSync(join(folder, 'www'), { recursive: true });
    for (const [name, bytes] of Object.entries(SIZES)) {
      writeFileSync(join(folder, 'www', name), 'x'.repeat(bytes));
    }
    writeFileSync(join(folder, 'www', 'post'), '');
    const file = join(folder, 'nginx.conf');
    writeFileSync(file, config(folder, port));
    const started = processes.start(`upstream-${index + 1}`, loadCores, find('nginx'), ['-p', folder, '-c', file]);
    await until(started, 'it responded', () => responds(port, '/28'));
  }));
  return ports;
}
