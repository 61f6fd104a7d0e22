/** The box that asks what would become of a request. */

import { Component, html } from '../html.js';
import { origin } from '../format.js';
import { getJson } from '../model/requests.js';
import { Table } from './table.js';

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

const COLUMNS = [
  { name: 'instance', heading: true, cell: (each) => html`<strong>${each.id}</strong> <span class="small">${each.node} · ${each.address}</span>` },
  { name: 'verdict', cell: (each) => each.verdict },
  { name: 'why', cell: (each) => each.why || '–' },
  { name: 'in flight', number: true, cell: (each) => each.inFlight },
];

function RouteLine({ route }) {
  return html`<strong>${route.route}</strong> → ${route.target} <span class="small">(${origin(route)})</span>`;
}

function Branch({ branch }) {
  return html`<h4>${branch.target} <span class="small">${branch.policy}, ${branch.sharePercent} %${branch.failOpen ? ', fails open' : ''}</span></h4>
    ${branch.instances.length === 0
      ? html`<p>It has no instances.</p>`
      : html`<${Table} caption=${'Instances of ' + branch.target} columns=${COLUMNS} rows=${branch.instances} keyOf=${(each) => each.node + '\n' + each.id} />`}`;
}

function Others({ title, routes }) {
  return routes.length === 0
    ? null
    : html`<h4>${title}</h4>
        <ul>${routes.map((route) => html`<li><${RouteLine} route=${route} />${route.why && html`: ${route.why}`}</li>`)}</ul>`;
}

function Answer({ answer }) {
  const effects = Object.entries(answer.effects);
  return html`<div class="answer">
    <h3>${answer.request.method} ${answer.request.host ?? ''}${answer.request.target}</h3>
    <p>${answer.route ? html`is taken by <${RouteLine} route=${answer.route} />` : 'is taken by no route: 404.'}</p>
    ${answer.refused && html`<p class="bad">${answer.refused}</p>`}
    ${answer.why.length > 0 && html`<ul>${[answer.why].flat().map((each) => html`<li>${each}</li>`)}</ul>`}
    ${answer.branches.map((branch) => html`<${Branch} key=${branch.target} branch=${branch} />`)}
    ${effects.length > 0 &&
    html`<h4>What is done to it</h4>
      <dl class="pairs">${effects.map(([name, value]) => html`<div key=${name}><dt>${name}</dt><dd>${String(value)}</dd></div>`)}</dl>`}
    <${Others} title="Routes that did not take it" routes=${answer.notTaken} />
    <${Others} title="Routes of other hosts that would take its path" routes=${answer.elsewhere} />
  </div>`;
}

export class Explain extends Component {
  constructor() {
    super();
    this.state = { answer: null, problem: '' };
    this.ask = this.ask.bind(this);
  }

  /** @param {SubmitEvent} event */
  async ask(event) {
    event.preventDefault();
    const given = new FormData(/** @type {HTMLFormElement} */ (event.currentTarget));
    const parameters = new URLSearchParams();
    for (const name of ['url', 'method', 'client']) {
      const value = String(given.get(name)).trim();
      if (value !== '') {
        parameters.set(name, value);
      }
    }
    const fields = String(given.get('headers')).split('\n');
    fields.filter((line) => line.trim() !== '').forEach((line) => parameters.append('header', line.trim()));
    try {
      this.setState({ answer: await getJson('api/explain?' + parameters), problem: '' });
    } catch (error) {
      this.setState({ answer: null, problem: error.message });
    }
  }

  shouldComponentUpdate(_, state) {
    return state !== this.state;
  }

  render(_, { answer, problem }) {
    return html`<section id="explain" aria-labelledby="explain-title">
      <div class="section-head"><h2 id="explain-title">Explain this URL</h2></div>
      <form class="ask" onSubmit=${this.ask}>
        <label>method <select name="method">${METHODS.map((method) => html`<option key=${method}>${method}</option>`)}</select></label>
        <label class="wide">URL or path <input name="url" required autocomplete="off" spellcheck="false" placeholder="https://shop.example.com/api/x" /></label>
        <label>client address <input name="client" autocomplete="off" spellcheck="false" placeholder="any" /></label>
        <label class="wide">header fields, one a line <textarea name="headers" rows="1" spellcheck="false" placeholder="Cookie: user=7"></textarea></label>
        <button type="submit">Explain</button>
      </form>
      <p class="small">No request is sent, and it is nobody's turn by it.</p>
      <div role="status">${problem && html`<p class="note bad">${problem}</p>`}</div>
      ${answer && html`<${Answer} answer=${answer} />`}
    </section>`;
  }
}
