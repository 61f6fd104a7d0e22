/** The configuration in force: each setting with the line that says so, and each route with its source. */

import { Component, html } from '../html.js';
import { clock, origin } from '../format.js';
import { getJson } from '../model/requests.js';
import { Table } from './table.js';

const MOST_ROUTES = 100;

const SETTINGS = [
  { name: 'setting', heading: true, cell: (line) => html`<code>${line.key}</code>` },
  { name: 'value', cell: (line) => html`<code>${line.value}</code>` },
  { name: 'from', cell: (line) => html`<span class="small">${line.where}</span>` },
];

const ROUTES = [
  { name: 'route', heading: true, cell: (route) => html`<code>${route.route}</code>` },
  { name: 'target', cell: (route) => html`<code>${route.target}</code>` },
  { name: 'options', cell: (route) => Object.entries(route.options ?? {}).map(([key, value]) => html`<div key=${key}><code>${key}: ${text(value)}</code></div>`) },
  { name: 'from', cell: (route) => html`<span class="small">${origin(route)}</span>` },
];

function text(value) {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function List({ title, mood = '', sentences }) {
  return sentences?.length > 0
    ? html`<h3 class=${mood}>${title}</h3><ul>${sentences.map((sentence) => html`<li>${sentence}</li>`)}</ul>`
    : null;
}

function routeKey(route) {
  return [route.route, route.target, route.source, route.where].join('\n');
}

export class Config extends Component {
  constructor() {
    super();
    this.state = { config: null, routes: [], problem: '', filter: '', open: false };
    this.version = null;
  }

  componentDidUpdate() {
    const config = this.props.overview?.config;
    const version = config && `${config.version} ${config.refused}`;
    if (this.state.open && version !== this.version) {
      this.version = version;
      this.look();
    }
  }

  async look() {
    try {
      const [config, table] = await Promise.all([getJson('api/config'), getJson('api/routes')]);
      this.setState({ config, routes: table.routes, problem: '' });
    } catch (error) {
      this.version = null;
      this.setState({ problem: error.message });
    }
  }

  render({ unlocked, actions }, { config, routes, problem, filter, open }) {
    const matching = routes.filter((route) => routeKey(route).toLowerCase().includes(filter.toLowerCase()));
    return html`<section id="config" aria-labelledby="config-title">
      <div class="section-head">
        <h2 id="config-title">Configuration</h2>
        ${unlocked && html`<button type="button" onClick=${actions.reload}>Reload</button>`}
      </div>
      ${problem && html`<p class="note bad">${problem}</p>`}
      <details onToggle=${(event) => this.setState({ open: event.currentTarget.open })}>
        <summary>Settings and routes in force</summary>
        ${open && !config && !problem && html`<p>Reading it from the balancer.</p>`}
        ${open &&
        config &&
        html`<p>
            Version ${config.version}${config.since && html`, since <time datetime=${config.since}>${clock(config.since)}</time>`}
            ${config.cause && ` (${config.cause})`}${config.files?.length > 0 && html`, from ${config.files.join(', ')}`}.
          </p>
          <${List} title="Refused since" mood="bad" sentences=${config.refused?.problems} />
          <${List} title="At the next start" sentences=${config.atNextStart} />
          <${List} title="What this version changed" sentences=${config.changes} />
          <h3>Settings</h3>
          ${config.lines?.length > 0
            ? html`<${Table} caption="Settings in force" columns=${SETTINGS} rows=${config.lines} keyOf=${(line) => line.where + line.key} />`
            : html`<p>All settings have their defaults.</p>`}
          <h3>Routes</h3>
          <p><label>filter routes <input type="search" autocomplete="off" value=${filter} onInput=${(event) => this.setState({ filter: event.currentTarget.value })} /></label></p>
          <${Table} caption="Routes in force" columns=${ROUTES} rows=${matching.slice(0, MOST_ROUTES)} keyOf=${routeKey} />
          ${matching.length > MOST_ROUTES && html`<p>${matching.length - MOST_ROUTES} more routes; filter to see them.</p>`}`}
      </details>
    </section>`;
  }
}
