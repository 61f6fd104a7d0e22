// An nginx of one process as an upstream, as light as it gets.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { find } from './commands.mjs';
import { freePorts } from './ports.mjs';
import { until } from './processes.mjs';

const config = (folder, http) => `
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
${http}
}
`;

/**
 * Starts two that are alike; gives their ports.
 *
 * @param name what they are called, each with its number
 * @param files what is in the root, by path
 * @param http gives what goes into http{}, of a port and the root's path
 * @param responds whether the one at a port does
 */
export async function startNginxUpstreams({ temp, processes, loadCores }, name, files, http, responds) {
  const ports = await freePorts(2);
  await Promise.all(ports.map(async (port, index) => {
    const numbered = `${name}-${index + 1}`;
    const folder = join(temp, numbered);
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, 'www', path)), { recursive: true });
      writeFileSync(join(folder, 'www', path), content);
    }
    const file = join(folder, 'nginx.conf');
    writeFileSync(file, config(folder, http(port, join(folder, 'www'))));
    const started = processes.start(numbered, loadCores, find('nginx'), ['-p', folder, '-c', file]);
    await until(started, 'it responded', () => responds(port));
  }));
  return ports;
}
