/** The head of the page: what this is, whether it is connected, the way to its parts, and the lock of the actions. */

import { html } from '../html.js';
import { since } from '../format.js';
import { State } from './state.js';

/** What keeps the page from showing every second how it is. */
function Connection({ state }) {
  const { overview, connection, refusal } = state;
  const old = overview ? 'What is shown is old. ' : '';
  const instead = overview ? 'The page looks every 5 s instead.' : 'The page tries again by itself.';
  switch (connection) {
    case 'live':
      return null;
    case 'away':
      return html`<p class="note bad" data-connection=${connection}>
        <strong>The balancer is away.</strong> ${old}The page tries again by itself.
      </p>`;
    case 'refused':
      return html`<p class="note warn" data-connection=${connection}><strong>No live view:</strong> ${refusal}. ${instead}</p>`;
    default:
      return html`<p class="note quiet" data-connection=${connection}>Connecting to the balancer.</p>`;
  }
}

export function Header({ state, actions }) {
  const { overview, firstVersion, unlocked } = state;
  const isAway = state.connection === 'away';
  const newer = overview !== null && overview.version !== firstVersion;
  return html`<header class="top">
    <div class="brand">
      <h1>Pointsman</h1>
      ${overview &&
      html`<span class="small">${overview.version}</span> <${State} state=${isAway ? 'away' : overview.state} />
        ${' '}${!isAway && html`<span class="small">up ${since(overview.startedAt, Date.parse(overview.at))}</span>`}`}
    </div>
    <nav aria-label="Parts of the page">
      <a href="#services">Services</a> <a href="#changes">Changes</a> <a href="#explain">Explain</a>
      ${' '}<a href="#launchers">Launchers</a> <a href="#config">Config</a>
    </nav>
    <button type="button" class="quiet-button" onClick=${unlocked ? actions.lock : actions.openTokenDialog}>
      ${unlocked ? 'Lock actions' : 'Unlock actions'}
    </button>
    <${Connection} state=${state} />
    ${newer &&
    html`<p class="note warn">
      The balancer is now version ${overview.version}.
      ${' '}<button type="button" onClick=${() => window.location.reload()}>Load its page</button>
    </p>`}
  </header>`;
}
