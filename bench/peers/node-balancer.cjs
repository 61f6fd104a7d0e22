// The book's balancer: http-proxy, taking turns. Arguments: the port to listen on, then the upstreams' ports.
const http = require('node:http');
const { join } = require('node:path');
// Where http-proxy is; resolved from there, as it is never installed into the checkout.
const httpProxy = require(join(process.env.HTTP_PROXY_FOLDER, 'node_modules', 'http-proxy'));

const [port, ...upstreams] = process.argv.slice(2);
const agent = new http.Agent({ keepAlive: true, maxSockets: Infinity, maxFreeSockets: 1024 });
const proxy = httpProxy.createProxyServer({ agent });
let turn = 0;

proxy.on('error', (error, request, response) => {
  if (!response.headersSent) {
    response.writeHead(502);
  }
  response.end();
});

const listening = http.createServer((request, response) => {
  turn = (turn + 1) % upstreams.length;
  proxy.web(request, response, { target: { host: '127.0.0.1', port: upstreams[turn] } });
});
listening.keepAliveTimeout = 300_000;
listening.listen({ host: '127.0.0.1', port: Number(port), backlog: 8192 });
