/** Changes of instances' states: their list, and what they say about the services on the page before the next second does. */

/** @typedef {import('./types.js').Change} Change */
/** @typedef {import('./types.js').Overview} Overview */
/** @typedef {import('./types.js').Service} Service */

const MOST_KEPT = 500;

/** @param {Change} change */
export function keyOfChange(change) {
  return [change.at, change.target, change.node, change.id, change.canary, change.table, change.to].join('\n');
}

/** @param {Change[]} changes some of them twice */
export function newestFirst(changes) {
  const byKey = new Map(changes.map((change) => [keyOfChange(change), change]));
  return [...byKey.values()].sort((one, other) => Date.parse(other.at) - Date.parse(one.at)).slice(0, MOST_KEPT);
}

/** @param {Overview} overview @param {Change} change @returns {Overview} */
export function withChange(overview, change) {
  const services = overview.services.map((service) => {
    if (service.name !== change.target || change.canary != null) {
      return service;
    }
    const upstreams = service.upstreams.map((upstream) =>
      upstream.id === change.id && upstream.node === change.node
        ? { ...upstream, state: change.to, reason: change.reason, since: change.at }
        : upstream,
    );
    return { ...service, upstreams };
  });
  return { ...overview, services };
}

/** @param {Service[]} before @param {Service[]} now @returns {string[]} where trouble began or ended */
export function changesIn(before, now) {
  const was = new Map(before.map((service) => [service.name, service.inTrouble]));
  return now
    .filter((service) => was.has(service.name) && was.get(service.name) !== service.inTrouble)
    .map((service) => (service.inTrouble ? `${service.name} is in trouble: ${service.why}.` : `${service.name} is well again.`));
}
