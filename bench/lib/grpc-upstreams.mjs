// Two upstreams that respond to calls of gRPC: they have the call whole before they send one message and a status of 0.
import { CALL, message } from './grpc.mjs';
import { startNginxUpstreams } from './nginx-upstream.mjs';
import { serves } from './requests.mjs';

/** POST: as with the other upstreams; the refusal becomes a GET of the file with the message. */
const http = (port, root) => `
  server {
    listen 127.0.0.1:${port} http2 backlog=8192;
    root ${root};
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
  }`;

/** Starts both; gives their ports. */
export function startGrpcUpstreams(context, bytes) {
  const files = { message: message(bytes), [CALL]: '' };
  return startNginxUpstreams(context, 'grpc-upstream', files, http, (port) => serves(port, 'grpc'));
}
