/** The page: it is drawn again, at most once a frame, whenever its state has changed. */

import { html, render } from './html.js';
import { token } from './model/access.js';
import { createActions } from './model/actions.js';
import { createPage } from './model/page.js';
import { Changes } from './parts/changes.js';
import { Config } from './parts/config.js';
import { Dialogs } from './parts/dialogs.js';
import { Explain } from './parts/explain.js';
import { Header } from './parts/header.js';
import { Launchers } from './parts/launchers.js';
import { Services } from './parts/services.js';
import { Summary } from './parts/summary.js';

const page = createPage(token() !== null);
const actions = createActions(page);

function Page({ state }) {
  return html`
    <a class="skip" href="#main">Skip to the services</a>
    <${Header} state=${state} actions=${actions} />
    <main id="main" tabindex="-1">
      <${Summary} state=${state} points=${page.histories.points('')} />
      <div class="columns">
        <${Services} state=${state} page=${page} actions=${actions} />
        <${Changes} changes=${state.changes} />
      </div>
      <${Explain} />
      <${Launchers} actions=${actions} connection=${state.connection} />
      <${Config} overview=${state.overview} unlocked=${state.unlocked} actions=${actions} />
    </main>
    <p class="unseen" role="status">${state.announcement}</p>
    <${Dialogs} dialog=${state.dialog} actions=${actions} />
  `;
}

const root = document.getElementById('page');
root.replaceChildren();
let planned = false;

function draw() {
  planned = false;
  render(html`<${Page} state=${page.store.get()} />`, root);
}

page.store.subscribe(() => {
  if (!planned) {
    planned = true;
    window.requestAnimationFrame(draw);
  }
});
draw();
page.start();
