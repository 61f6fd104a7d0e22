/** A service: its figures in a line, and opened its picture and its instances. */

import { html } from '../html.js';
import { count, duration, millis, plural, rate } from '../format.js';
import { ConnectionFigures, TrafficFigures, notableCounts, takesRequests } from './figures.js';
import { Instances } from './instances.js';
import { Picture } from './picture.js';
import { Sparkline } from './sparkline.js';

/** Ids for the page's own references, as names from the registry may hold anything. */
const ids = new Map();

/** @param {string} name */
function idOf(name) {
  if (!ids.has(name)) {
    ids.set(name, 'service-' + ids.size);
  }
  return ids.get(name);
}

function Facts({ service }) {
  const { registry } = service;
  const facts = [
    `picks by ${service.policy}`,
    `${count(service.inFlight)} in flight`,
    service.waiting > 0 ? `${count(service.waiting)} waiting for a place` : null,
    service.failOpen ? 'fails open: nothing looks healthy, so all are used' : null,
    registry.ageMs == null ? 'the registry has not answered yet' : `the registry answered ${duration(registry.ageMs)} ago`,
    registry.failures > 0 ? `${plural(registry.failures, 'failed try', 'failed tries')} since` : null,
    registry.lastError,
    ...notableCounts(service.counts),
  ];
  return html`<ul class="facts">
    ${facts.filter(Boolean).map((fact) => html`<li>${fact}</li>`)}
  </ul>`;
}

/** A line with what it is of; that is in its own label too, for those who do not see where it stands. */
function Spark({ name, children }) {
  return html`<div><span class="small" aria-hidden="true">${name}</span>${children}</div>`;
}

export function Service({ service, now, points, opened, onToggle, unlocked, actions }) {
  const id = idOf(service.name + '\n' + service.policy);
  const requests = takesRequests(service);
  return html`<li class=${'service' + (service.inTrouble ? ' trouble' : '')} data-service=${service.name}>
    <div class="service-line">
      <h3>
        <button type="button" class="opener" aria-expanded=${opened} aria-controls=${id} onClick=${onToggle}>
          <span class="arrow" aria-hidden="true">▸</span><span class="name">${service.name}</span>
        </button>
      </h3>
      <p class=${'health ' + (service.inTrouble ? 'bad' : 'good')}>
        <span class="sign" aria-hidden="true">${service.inTrouble ? '✕' : '●'}</span>
        ${service.ready} of ${service.all} ready${service.inTrouble && html`<span class="why">: ${service.why}</span>`}
      </p>
      ${requests && html`<dl class="figures"><${TrafficFigures} traffic=${service.traffic} /></dl>`}
      ${service.tcp && html`<dl class="figures"><${ConnectionFigures} tcp=${service.tcp} /></dl>`}
      ${requests && html`<div class="sparks">
        <${Spark} name="requests"><${Sparkline} points=${points} value=${(point) => point.rate} format=${rate} label="Requests per second" /><//>
        <${Spark} name="errors"><${Sparkline} points=${points} value=${(point) => point.errors} format=${rate} label="Errors per second" mood="bad" /><//>
        <${Spark} name="p99"><${Sparkline} points=${points} value=${(point) => point.p99Ms} format=${millis} label="99th percentile of response times" mood="second" /><//>
      </div>`}
    </div>
    <div id=${id} class="service-more" hidden=${!opened}>
      ${opened &&
      html`${requests && html`<${Picture} service=${service} />`}
        <${Instances} service=${service} now=${now} unlocked=${unlocked} actions=${actions} />
        <${Facts} service=${service} />`}
    </div>
  </li>`;
}
