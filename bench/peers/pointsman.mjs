// This checkout's balancer, with the embedded registry in its process: once as the front door starts it, once as the plain jar.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { asked, findJava } from '../lib/commands.mjs';
import { call, responds } from '../lib/http.mjs';
import { freePorts } from '../lib/ports.mjs';
import { home, jar } from '../lib/home.mjs';
import { until } from '../lib/processes.mjs';
import { serves } from '../lib/requests.mjs';

export const frontDoor = join(home, 'pointsman');

/** Why Pointsman cannot be started, or nothing. */
export function missing() {
  if (!existsSync(jar)) {
    return 'command-line/target/pointsman.jar is not built (mvn -Dquick -Dmaven.test.skip=true -pl command-line -am package)';
  }
  return existsSync(findJava() ?? '') ? undefined : 'there is no java on the PATH, nor at JAVA_HOME';
}

const overTls = (address, { cert, key }) =>
  ['--listen', `${address};tls`, '--tls', `${cert};key=${key}`, '--tls-min-version', '1.3', '--route', '/=bench'];

/** The options by which a port is opened and served, by what is spoken there. */
const SERVING = {
  http: (address) => ['--listen', address, '--route', '/=bench'],
  tls: overTls,
  h2: overTls,
  h2c: (address) => ['--listen', address, '--route', '/=bench'],
  grpc: (address) => ['--listen', address, '--route', '/=bench;proto=grpc'],
  tcp: (address, certificate, free) => ['--listen', free, '--tcp', `${address}=bench`],
};

/** Starts a balancer and registers instances without checks at the given ports. */
export async function startPointsman({ name, command, processes, cores, upstreams, protocol = 'http', certificate, more = [], environment = {} }) {
  const [port, admin, registry, free] = await freePorts(4);
  const [program, ...before] = command;
  const started = processes.start(name, cores, program, [
    ...before, 'balancer', '--dev', '--admin', `127.0.0.1:${admin}`, '--consul', `http://127.0.0.1:${registry}`,
    ...SERVING[protocol](`127.0.0.1:${port}`, certificate, `127.0.0.1:${free}`), ...more,
  ], environment);
  await until(started, 'its registry responded', () => responds(registry, '/v1/status/leader'), 60);
  for (const [index, upstream] of upstreams.entries()) {
    await call('PUT', registry, '/v1/agent/service/register',
      JSON.stringify({ ID: `bench-${index}`, Name: 'bench', Address: '127.0.0.1', Port: upstream }));
  }
  return { port, process: started };
}

const peer = (command, facts) => ({
  ...facts,
  jit: true,
  jvm: true,
  missing,
  // The front door builds what is out of date first: not while it is measured.
  version: () => asked(/(\d[^\s,]*)/, frontDoor, '--version'),
  async start({ processes, proxyCore, upstreams, grpcUpstreams, certificate }, protocol = 'http') {
    const started = await startPointsman({
      name: facts.name, command: command(), processes, cores: proxyCore, upstreams: protocol === 'grpc' ? grpcUpstreams : upstreams,
      protocol, certificate, more: facts.more,
      environment: facts.environment?.(upstreams),
    });
    await until(started.process, 'it responded', () => serves(started.port, protocol));
    return started;
  },
});

export const pointsman = peer(() => [frontDoor], {
  name: 'pointsman',
  title: 'Pointsman',
  note: 'all defaults, started by `./pointsman`; adds X-Forwarded-For, -Proto, -Host, -Port and Via',
});

export const pointsmanJar = peer(() => [findJava(), '-jar', jar], {
  name: 'pointsman-jar',
  title: 'Pointsman, plain jar',
  note: 'the same by `java -jar pointsman.jar`, without JVM options',
  spare: true,
  only: /-32$/,
});

export const pointsmanTraced = peer(() => [frontDoor], {
  name: 'pointsman-traced',
  title: 'Pointsman, 1 % traced',
  note: 'the same with `tracing: on` and `trace-sample: 0.01`, its spans sent to an upstream, which takes anything',
  more: ['--tracing', 'true', '--trace-sample', '0.01'],
  environment: ([collector]) => ({ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `http://127.0.0.1:${collector}/post` }),
  spare: true,
  only: /-32$/,
});
