/** The figures of requests, and those of connections of TCP, side by side. */

import { html } from '../html.js';
import { byteRate, count, millis, rate } from '../format.js';

/** @param {{name: string, value: any, mood?: string, children?: any}} props */
export function Figure({ name, value, mood = '', children }) {
  return html`<div class=${'figure ' + mood}>
    <dt>${name}</dt>
    <dd>${value}${children}</dd>
  </div>`;
}

/** @param {{traffic: import('../model/types.js').Traffic}} props */
export function TrafficFigures({ traffic }) {
  return html`
    <${Figure} name="requests/s" value=${rate(traffic.rate)} />
    <${Figure} name="errors/s" value=${rate(traffic.errors)} mood=${traffic.errors > 0 ? 'bad' : ''} />
    <${Figure} name="p50" value=${millis(traffic.p50Ms)} />
    <${Figure} name="p99" value=${millis(traffic.p99Ms)} />
  `;
}

/** @param {{tcp: import('../model/types.js').Connections}} props */
export function ConnectionFigures({ tcp }) {
  return html`
    <${Figure} name="TCP connections" value=${count(tcp.open)} />
    <${Figure} name="connections/s" value=${rate(tcp.rate)} />
    <${Figure} name="bytes in" value=${byteRate(tcp.received)} />
    <${Figure} name="bytes out" value=${byteRate(tcp.sent)} />
  `;
}

/**
 * Whether requests can come to a service; to one with routes of TCP alone there is nothing to show of them.
 * @param {import('../model/types.js').Service} service
 */
export function takesRequests(service) {
  return !service.tcp || service.routes.some((route) => !route.tcp);
}

/** @param {Object<string, number>} counts those that are not 0, each with its name */
export function notableCounts(counts) {
  const names = {
    failures: 'failed attempts',
    retries: 'retries',
    attemptTimeouts: 'attempt timeouts',
    ejections: 'ejections',
    ejectionsSuppressed: 'ejections suppressed',
    failOpenPicks: 'picks while failing open',
    retainedViews: 'retained views',
    waited: 'requests that waited',
    rejected: 'requests rejected',
  };
  return Object.entries(names)
    .filter(([key]) => counts[key] > 0)
    .map(([key, name]) => `${name}: ${count(counts[key])}`);
}
