/** The services: those in trouble first, searched, filtered and paged by the balancer. */

import { html } from '../html.js';
import { keyOf } from '../model/order.js';
import { PAGE_SIZE } from '../model/query.js';
import { Service } from './service.js';

function Search({ query, page }) {
  return html`<form class="search" role="search" onSubmit=${(event) => event.preventDefault()}>
    <label for="search">Search services</label>
    <input id="search" type="search" maxlength="200" autocomplete="off" spellcheck="false" value=${query.q}
      placeholder="name, route, instance" onInput=${(event) => page.ask({ q: event.currentTarget.value })} />
    <label class="check">
      <input type="checkbox" checked=${query.only} onChange=${(event) => page.ask({ only: event.currentTarget.checked })} />
      only trouble
    </label>
  </form>`;
}

function Pager({ query, matching, page }) {
  if (matching <= PAGE_SIZE && query.offset === 0) {
    return null;
  }
  const last = Math.min(matching, query.offset + PAGE_SIZE);
  const earlier = query.offset > 0;
  const later = last < matching;
  const go = (offset) => () => page.ask({ offset: Math.max(0, offset) });
  return html`<nav class="pager" aria-label="Pages of services">
    <button type="button" aria-disabled=${!earlier} onClick=${earlier && go(query.offset - PAGE_SIZE)}>Previous</button>
    <span>${Math.min(query.offset + 1, matching)} to ${last} of ${matching}</span>
    <button type="button" aria-disabled=${!later} onClick=${later && go(query.offset + PAGE_SIZE)}>Next</button>
  </nav>`;
}

function nothing(query, overview) {
  if (query.q !== '' || query.only) {
    return query.only && query.q === '' ? 'No service is in trouble.' : 'No service matches.';
  }
  return overview.total === 0 ? 'No route leads to a service yet.' : 'There is no such page.';
}

export function Services({ state, page, actions }) {
  const { overview, query, opened, unlocked } = state;
  return html`<section id="services" class=${state.connection === 'away' ? 'old' : ''} aria-labelledby="services-title">
    <div class="section-head">
      <h2 id="services-title">Services</h2>
      ${overview && html`<span class="small">${overview.matching} of ${overview.total} ${overview.total === 1 ? 'service' : 'services'}</span>`}
    </div>
    <${Search} query=${query} page=${page} />
    ${overview &&
    html`<ul class="services">
        ${overview.services.map(
          (service) => html`<${Service} key=${keyOf(service)} service=${service} now=${Date.parse(overview.at)}
            points=${page.histories.points(service.name)} opened=${opened[keyOf(service)] === true}
            onToggle=${() => page.toggle(service)} unlocked=${unlocked} actions=${actions} />`,
        )}
      </ul>
      ${overview.services.length === 0 && html`<p>${nothing(query, overview)}</p>`}
      <${Pager} query=${query} matching=${overview.matching} page=${page} />`}
  </section>`;
}
