// The two upstreams that every proxy spreads over.
import { responds } from './http.mjs';
import { startNginxUpstreams } from './nginx-upstream.mjs';

/** What is asked for: its name in paths and cases, and its bytes. */
export const SIZES = { 28: 28, '10k': 10 * 1024, '1m': 1024 * 1024 };

/** The response to a POST, and the smallest body: 28 bytes. */
const RESPONSE = 'x'.repeat(SIZES['28']);

/**
 * POST: `mirror` makes nginx read the body whole before it responds, which `return` alone would not do; the static handler
 * then refuses the method, and that refusal is turned into the response.
 */
const http = (port, root) => `
  tcp_nopush on;
  client_max_body_size 0;
  client_body_buffer_size 2m;
  default_type application/octet-stream;
  server {
    listen 127.0.0.1:${port} backlog=8192;
    root ${root};
    location = /28 { return 200 "${RESPONSE}"; }
    location = /post {
      mirror /read-whole;
      error_page 405 = @response;
    }
    location @response { return 200 "${RESPONSE}"; }
    location = /read-whole { internal; return 204; }
  }`;

/** Starts both; gives their ports. */
export function startUpstreams(context) {
  const bodies = Object.entries(SIZES).map(([name, bytes]) => [name, 'x'.repeat(bytes)]);
  const files = { ...Object.fromEntries(bodies), post: '' };
  return startNginxUpstreams(context, 'upstream', files, http, (port) => responds(port, '/28'));
}
