/** What happened to instances lately, the newest first, each with its reason. */

import { Component, html } from '../html.js';
import { clock } from '../format.js';
import { keyOfChange } from '../model/changes.js';
import { State } from './state.js';

const STEP = 30;

/** What a change is about: a table of routes, a canary or an instance. */
function Subject({ change }) {
  if (change.table != null) {
    return html`<strong>routes</strong>${' '}<span class="small">version ${change.table}</span>`;
  }
  return html`<strong>${change.canary == null ? change.id : `version ${change.canary}`}</strong>
    ${' '}<span class="small">of ${change.target}${change.node ? ` on ${change.node}` : ''}</span>`;
}

function Change({ change }) {
  return html`<li>
    <p>
      <time datetime=${change.at}>${clock(change.at)}</time>
      ${' '}<${Subject} change=${change} />
    </p>
    <p>
      ${change.from && html`<${State} state=${change.from} /> <span aria-hidden="true">→</span><span class="unseen">to</span> `}
      <${State} state=${change.to} />
    </p>
    ${change.reason && html`<p class="reason">${change.reason}</p>`}
  </li>`;
}

export class Changes extends Component {
  render({ changes }, { shown = STEP }) {
    return html`<section id="changes" aria-labelledby="changes-title">
      <div class="section-head"><h2 id="changes-title">Changes</h2></div>
      <ol class="changes">
        ${changes.slice(0, shown).map((change) => html`<${Change} key=${keyOfChange(change)} change=${change} />`)}
      </ol>
      ${changes.length === 0 && html`<p>Nothing has changed yet.</p>`}
      ${changes.length > shown &&
      html`<button type="button" onClick=${() => this.setState({ shown: shown + STEP })}>Show earlier changes</button>`}
    </section>`;
  }
}
