// vertx-web-proxy as it comes, from the very libraries that Pointsman's jar holds.
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findJava } from '../lib/commands.mjs';
import { responds } from '../lib/http.mjs';
import { home, jar } from '../lib/home.mjs';
import { freePorts } from '../lib/ports.mjs';
import { until } from '../lib/processes.mjs';

export const stock = {
  name: 'stock',
  title: 'vertx-web-proxy, stock',
  jit: true,
  jvm: true,
  note: 'one event loop, native transport if the jar has it, 1024 connections an upstream; adds no X-Forwarded-For',
  missing() {
    if (!existsSync(jar)) {
      return 'command-line/target/pointsman.jar is not built, which has its classes';
    }
    return existsSync(findJava('javac') ?? '') ? undefined : 'there is no javac to compile bench/peers/StockProxy.java with';
  },
  version() {
    const pom = readFileSync(join(home, 'pom.xml'), 'utf8');
    const [proxy, core] = ['vertx-proxy', 'vertx'].map((name) => pom.match(`<${name}.version>(.*?)<`)?.[1]);
    return `${proxy} on Vert.x ${core}`;
  },
  cannot: (protocol) => (protocol === 'http' ? undefined : 'it takes part in clear text and HTTP/1.1 only'),
  async start({ temp, processes, proxyCore, upstreams }) {
    const [port] = await freePorts(1);
    const classes = join(temp, 'stock');
    mkdirSync(classes, { recursive: true });
    // Compiled apart, so that the compiler's memory is not taken for the proxy's.
    const source = join(home, 'bench/peers/StockProxy.java');
    await processes.run('javac', proxyCore, findJava('javac'), ['-cp', jar, '-d', classes, source]);
    const started = processes.start('stock', proxyCore, findJava(),
      ['-cp', `${jar}:${classes}`, 'StockProxy', `${port}`, ...upstreams.map(String)]);
    await until(started, 'it responded', () => responds(port, '/28'));
    return { port, process: started };
  },
};
