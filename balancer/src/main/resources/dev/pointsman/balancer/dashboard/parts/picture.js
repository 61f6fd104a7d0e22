/**
 * Where the traffic of a service goes this second: from its routes, through its pool, to its instances. The wider a line,
 * the more requests.
 */

import { html } from '../html.js';
import { rate } from '../format.js';
import { moodOf, signOf } from './state.js';

/** @typedef {import('../model/types.js').Service} ServiceShape */

const MOST_ROUTES = 6;
const MOST_INSTANCES = 12;
const WIDEST = 14;

/** @param {{traffic: {rate: number}}[]} all @param {number} most of them, the busiest */
function busiest(all, most) {
  if (all.length <= most) {
    return { shown: all, more: 0, moreRate: 0 };
  }
  const sorted = [...all].sort((one, other) => other.traffic.rate - one.traffic.rate);
  const rest = sorted.slice(most - 1);
  // In the order that they had, so that a line does not jump whenever another one is a bit busier.
  const shown = new Set(sorted.slice(0, most - 1));
  return {
    shown: all.filter((each) => shown.has(each)),
    more: rest.length,
    moreRate: rest.reduce((sum, each) => sum + each.traffic.rate, 0),
  };
}

/** @param {number} part @param {number} whole */
function width(part, whole) {
  return part <= 0 || whole <= 0 ? 0 : Math.max(1, WIDEST * Math.sqrt(Math.min(1, part / whole)));
}

/** Lines between one point in the middle of a side and nodes that stand evenly on the other. */
function Lines({ nodes, whole, inwards }) {
  return html`<svg class="lines" viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true" focusable="false">
    ${nodes.map((node, index) => {
      const y = ((index + 0.5) / nodes.length) * 100;
      const d = inwards ? `M0 ${y}C50 ${y} 50 50 100 50` : `M0 50C50 50 50 ${y} 100 ${y}`;
      const wide = width(node.rate, whole);
      return html`<path key=${node.key} d=${d} class=${wide === 0 ? 'none' : 'flow ' + node.mood}
        stroke-width=${wide === 0 ? 1 : wide.toFixed(1)} vector-effect="non-scaling-stroke" />`;
    })}
  </svg>`;
}

function Node({ node }) {
  return html`<li class=${'node ' + node.mood} title=${node.state ? `${node.text}: ${node.state}` : node.text}>
    ${node.state && html`<span class=${node.mood} aria-hidden="true">${signOf(node.state)}</span>`}
    <span class="node-name">${node.text.split(/(?=[:/.])/).map((part) => html`<wbr />${part}`)}</span> <span class="node-rate">${rate(node.rate)}/s</span>
  </li>`;
}

function withMore(nodes, cut, what) {
  return cut.more === 0
    ? nodes
    : [...nodes, { key: '\nmore', text: `${cut.more} more ${what}`, rate: cut.moreRate, mood: 'quiet' }];
}

/** @param {{service: ServiceShape}} props */
export function Picture({ service }) {
  const routes = busiest(service.routes, MOST_ROUTES);
  const upstreams = busiest(service.upstreams, MOST_INSTANCES);
  const left = withMore(
    routes.shown.map((each) => ({ key: each.route, text: each.route, rate: each.traffic.rate, mood: 'quiet' })),
    routes,
    'routes',
  );
  const right = withMore(
    upstreams.shown.map((each) => ({
      key: each.node + '\n' + each.id,
      text: `${each.address}:${each.port}`,
      rate: each.traffic.rate,
      mood: moodOf(each.state),
      state: each.state,
    })),
    upstreams,
    'instances',
  );
  const whole = Math.max(
    service.traffic.rate,
    left.reduce((sum, node) => sum + node.rate, 0),
    right.reduce((sum, node) => sum + node.rate, 0),
  );
  return html`<figure class="picture">
    <figcaption class="unseen">Where the requests of ${service.name} go this second</figcaption>
    <ul aria-label="Routes">${left.map((node) => html`<${Node} key=${node.key} node=${node} />`)}</ul>
    <${Lines} nodes=${left} whole=${whole} inwards=${true} />
    <p class="pool"><span class="unseen">Pool: </span>${rate(service.traffic.rate)}/s</p>
    <${Lines} nodes=${right} whole=${whole} inwards=${false} />
    <ul aria-label="Instances">${right.map((node) => html`<${Node} key=${node.key} node=${node} />`)}</ul>
  </figure>`;
}
