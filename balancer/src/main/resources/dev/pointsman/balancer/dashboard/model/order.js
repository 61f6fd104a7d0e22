/** The order of services on the page: the balancer's, but steady while one reads. */

/** @typedef {import('./types.js').Service} Service */

/** How long an order stays, unless a service comes, goes, or gets into or out of trouble. */
const STEADY_MS = 15000;

/** @param {Service} service */
export function keyOf(service) {
  return `${service.name}\n${service.policy}`;
}

/** @param {Service[]} services */
function outline(services) {
  return services
    .map((service) => keyOf(service) + service.inTrouble)
    .sort()
    .join('\n\n');
}

/** @returns {(services: Service[], now: number) => Service[]} */
export function steadyOrder() {
  let keys = [];
  let shape = '';
  let from = 0;
  return (services, now) => {
    const next = outline(services);
    if (next !== shape || now - from > STEADY_MS) {
      shape = next;
      from = now;
      keys = services.map(keyOf);
      return services;
    }
    const byKey = new Map(services.map((service) => [keyOf(service), service]));
    return keys.map((key) => byKey.get(key)).filter(Boolean);
  };
}
