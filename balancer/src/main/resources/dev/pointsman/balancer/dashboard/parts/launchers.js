/** The launchers of this user on the balancer's machine: their types and instances, with what each takes, and its log. */

import { Component, html } from '../html.js';
import { bytes, count, rate, since } from '../format.js';
import { getJson } from '../model/requests.js';
import { State } from './state.js';
import { Table } from './table.js';

const EVERY_MS = 5000;

function columns(type, keepsOutput, actions) {
  const all = [
    { name: 'instance', heading: true, cell: (each) => html`<strong>${each.id}</strong>` },
    { name: 'state', cell: (each) => html`<${State} state=${each.state} />${each.why && html`<span class="reason">${each.why}</span>`}` },
    { name: 'pid', number: true, cell: (each) => each.pid ?? '–' },
    { name: 'port', number: true, cell: (each) => each.port ?? '–' },
    { name: 'age', number: true, cell: (each) => since(each.startedAt, Date.now()) },
    { name: 'restarts', number: true, cell: (each) => count(each.restarts) },
    { name: 'CPU', number: true, cell: (each) => (each.cpuPercent == null ? '–' : rate(each.cpuPercent) + ' %') },
    { name: 'memory', number: true, cell: (each) => bytes(each.memoryBytes) },
  ];
  const log = {
    name: 'log',
    cell: (each) => html`<button type="button" onClick=${() => actions.showLog(type.name, each.id)}>Log<span class="unseen"> of ${each.id}</span></button>`,
  };
  return keepsOutput ? [...all, log] : all;
}

function Type({ type, keepsOutput, actions }) {
  return html`<h4>${type.name} <span class=${'small ' + (type.running < type.wanted ? 'bad' : '')}>${type.running} of ${type.wanted} run</span></h4>
    ${type.instances.length > 0 &&
    html`<${Table} caption=${'Instances of ' + type.name} columns=${columns(type, keepsOutput, actions)} rows=${type.instances} keyOf=${(each) => each.id} />`}`;
}

export class Launchers extends Component {
  constructor() {
    super();
    this.state = { launchers: null, problem: '' };
    this.look = this.look.bind(this);
  }

  componentDidMount() {
    this.look();
    this.timer = window.setInterval(() => {
      if (!document.hidden && this.props.connection !== 'away') {
        this.look();
      }
    }, EVERY_MS);
  }

  componentWillUnmount() {
    window.clearInterval(this.timer);
  }

  async look() {
    try {
      this.setState({ launchers: (await getJson('api/launchers')).launchers, problem: '' });
    } catch (error) {
      this.setState({ problem: error.message });
    }
  }

  shouldComponentUpdate(props, state) {
    return state !== this.state || props.connection !== this.props.connection;
  }

  render({ actions, connection }, { launchers, problem }) {
    return html`<section id="launchers" class=${connection === 'away' ? 'old' : ''} aria-labelledby="launchers-title">
      <div class="section-head"><h2 id="launchers-title">Launchers</h2></div>
      ${problem && html`<p class="note bad">${problem}</p>`}
      ${launchers?.length === 0 && html`<p>No launcher of this user runs on the balancer's machine.</p>`}
      ${launchers?.map(
        (launcher) => html`<div key=${launcher.pid}>
          <h3>${launcher.name} <span class="small">pid ${launcher.pid}</span></h3>
          ${launcher.types.map((type) => html`<${Type} key=${type.name} type=${type} keepsOutput=${launcher.keepsOutput} actions=${actions} />`)}
        </div>`,
      )}
    </section>`;
  }
}
