/** The head of the page: what this is, whether it is connected, the way to its parts, and the lock of the actions. */

import { html } from '../html.js';
import { State } from './state.js';

export function Header({ state, actions }) {
  const { overview, connection, firstVersion, unlocked } = state;
  const newer = overview !== null && overview.version !== firstVersion;
  return html`<header class="top">
    <div class="brand">
      <h1>Pointsman</h1>
      ${overview && html`<span class="version">${overview.version}</span><${State} state=${overview.state} />`}
    </div>
    <nav aria-label="Parts of the page">
      <a href="#services">Services</a> <a href="#changes">Changes</a> <a href="#explain">Explain</a>
      ${' '}<a href="#launchers">Launchers</a> <a href="#config">Configuration</a>
    </nav>
    <button type="button" class="quiet-button" onClick=${unlocked ? actions.lock : actions.openTokenDialog}>
      ${unlocked ? 'Lock actions' : 'Unlock actions'}
    </button>
    ${connection !== 'live' &&
    html`<p class=${'note ' + (connection === 'away' ? 'bad' : 'quiet')} data-connection=${connection}>
      ${connection === 'away'
        ? html`<strong>The balancer is away.</strong> ${overview ? 'What is shown is old. ' : ''}The page tries again by itself.`
        : 'Connecting to the balancer.'}
    </p>`}
    ${newer &&
    html`<p class="note warn">
      The balancer is now version ${overview.version}.
      ${' '}<button type="button" onClick=${() => window.location.reload()}>Load its page</button>
    </p>`}
  </header>`;
}
