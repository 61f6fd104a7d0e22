/** The balancer as a whole: its traffic, connections, configuration and registry. */

import { html } from '../html.js';
import { byteRate, count, duration, millis, rate, since } from '../format.js';
import { Figure } from './figures.js';
import { Sparkline } from './sparkline.js';

function Registry({ registry }) {
  const trouble = !registry.ok;
  return html`<${Figure} name="registry" value=${trouble ? '✕ trouble' : '● ok'} mood=${trouble ? 'bad' : 'good'}>
    <span class="small">
      ${registry.oldestAgeMs == null ? 'nothing heard yet' : `oldest answer ${duration(registry.oldestAgeMs)} ago`}
      ${registry.failing > 0 ? `; ${count(registry.failing)} failing` : ''}
    </span>
  <//>`;
}

export function Summary({ state, points }) {
  const { overview } = state;
  if (overview === null) {
    return html`<section class="summary" aria-label="Summary"><p>Waiting for the first figures.</p></section>`;
  }
  const { traffic, tcp, connections, config, registry, unrouted } = overview;
  return html`<section class=${'summary' + (state.connection === 'away' ? ' old' : '')} aria-label="Summary">
    <dl>
      <${Figure} name="requests/s" value=${rate(traffic.rate)}>
        <${Sparkline} points=${points} value=${(point) => point.rate} format=${rate} label="Requests per second" />
      <//>
      <${Figure} name="errors/s" value=${rate(traffic.errors)} mood=${traffic.errors > 0 ? 'bad' : ''}>
        <${Sparkline} points=${points} value=${(point) => point.errors} format=${rate} label="Errors per second" mood="bad" />
      <//>
      <${Figure} name="p50" value=${millis(traffic.p50Ms)}>
        <${Sparkline} points=${points} value=${(point) => point.p50Ms} format=${millis} label="Median response time" />
      <//>
      <${Figure} name="p99" value=${millis(traffic.p99Ms)}>
        <${Sparkline} points=${points} value=${(point) => point.p99Ms} format=${millis} label="99th percentile of response times" />
      <//>
      <${Figure} name="services" value=${count(overview.total)} mood=${overview.inTrouble > 0 ? 'bad' : ''}>
        <span class="small">${count(overview.inTrouble)} in trouble</span>
      <//>
      <${Figure} name="connections" value=${count(connections.clients)}>
        <span class="small">of clients, ${count(connections.upstreams)} to instances</span>
      <//>
      ${tcp &&
      html`<${Figure} name="TCP connections" value=${count(tcp.open)}>
        <span class="small">${rate(tcp.rate)} new/s, ${byteRate(tcp.received)} in, ${byteRate(tcp.sent)} out</span>
      <//>`}
      <${Registry} registry=${registry} />
      <${Figure} name="config version" value=${config.version} mood=${config.refused ? 'bad' : ''}>
        <span class="small">${config.refused ? 'a later one was refused' : `for ${since(config.since, Date.parse(overview.at))}`}</span>
      <//>
      <${Figure} name="no route" value=${rate(unrouted.rate) + '/s'} mood=${unrouted.rate > 0 ? 'warn' : ''}>
        <span class="small">answered with 404</span>
      <//>
    </dl>
    ${registry.lastError && html`<p class="note bad"><strong>Registry:</strong> ${registry.lastError}</p>`}
    ${config.refused && html`<p class="note bad"><strong>Configuration refused:</strong> ${config.refused}</p>`}
  </section>`;
}
