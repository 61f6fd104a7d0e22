/** The instances of a service side by side: their state and its reason, what they get, and how they respond. */

import { Component, html } from '../html.js';
import { count, millis, rate, since } from '../format.js';
import { takesRequests } from './figures.js';
import { State, moodOf } from './state.js';
import { Table } from './table.js';

const SHOWN_AT_FIRST = 20;
/** States out of which an action of ours helps. */
const READMITTED_FROM = new Set(['ejected', 'probing', 'draining', 'drained']);

function Identity({ upstream, service }) {
  const { id, node, address, port, weight, tags } = upstream;
  return html`<strong>${id}</strong>
    <span class="small">${address}:${port}${' '}<span class="whole">on ${node}</span>${weight === 1 ? '' : `, weight ${weight}`}</span>
    ${tags.some((tag) => tag !== service) && html`<span class="small tags" title=${tags.join(', ')}>${tags.join(', ')}</span>`}`;
}

function StateCell({ upstream, now }) {
  return html`<${State} state=${upstream.state} />${upstream.stalled && html` <${State} state="stalled" />`}
    ${upstream.since && html` <span class="small">for ${since(upstream.since, now)}</span>`}
    ${upstream.reason && html`<span class=${'reason' + (moodOf(upstream.state) === 'good' ? ' small' : '')}>${upstream.reason}</span>`}`;
}

function Actions({ upstream, actions }) {
  const readmit = READMITTED_FROM.has(upstream.state);
  return html`<button type="button" onClick=${() => (readmit ? actions.readmit(upstream) : actions.drain(upstream))}>
    ${readmit ? 'Readmit' : 'Drain'}<span class="unseen"> ${upstream.id}</span>
  </button>`;
}

const OF_REQUESTS = [
  { name: 'requests/s', number: true, cell: (upstream) => rate(upstream.traffic.rate) },
  { name: 'errors/s', number: true, cell: ({ traffic }) => html`<span class=${traffic.errors > 0 ? 'bad' : ''}>${rate(traffic.errors)}</span>` },
  { name: 'p50', number: true, cell: (upstream) => millis(upstream.traffic.p50Ms) },
  { name: 'p99', number: true, cell: (upstream) => millis(upstream.traffic.p99Ms) },
];

/** @returns {import('./table.js').Column<import('../model/types.js').Upstream>[]} */
function columns(service, now, unlocked, actions) {
  const all = [
    { name: 'instance', heading: true, cell: (upstream) => html`<${Identity} upstream=${upstream} service=${service.name} />` },
    { name: 'state', cell: (upstream) => html`<${StateCell} upstream=${upstream} now=${now} />` },
    ...(takesRequests(service) ? OF_REQUESTS : []),
    { name: 'in flight', number: true, cell: (upstream) => count(upstream.inFlight) },
    { name: 'ejections', number: true, cell: (upstream) => count(upstream.ejections) },
  ];
  return unlocked
    ? [...all, { name: 'action', cell: (upstream) => html`<${Actions} upstream=${upstream} actions=${actions} />` }]
    : all;
}

/** The unwell first; otherwise as the balancer lists them. */
function sorted(upstreams) {
  const rank = (upstream) => (upstream.state === 'ready' && !upstream.stalled ? 1 : 0);
  return [...upstreams].sort((one, other) => rank(one) - rank(other));
}

export class Instances extends Component {
  render({ service, now, unlocked, actions }, { all }) {
    const upstreams = sorted(service.upstreams);
    const shown = all ? upstreams : upstreams.slice(0, SHOWN_AT_FIRST);
    if (upstreams.length === 0) {
      return html`<p>The registry lists no instance of it.</p>`;
    }
    return html`<${Table} caption=${`Instances of ${service.name}`} columns=${columns(service, now, unlocked, actions)} rows=${shown}
        keyOf=${(upstream) => upstream.node + '\n' + upstream.id} />
      ${shown.length < upstreams.length &&
      html`<button type="button" onClick=${() => this.setState({ all: true })}>
        Show all ${upstreams.length} instances<span class="unseen"> of ${service.name}</span>
      </button>`}`;
  }
}
