/** What can be changed by the page: each asks before it is done, and needs the token. */

import { forget, remember, token } from './access.js';
import { RefusedError, post } from './requests.js';

/**
 * @typedef {{kind: 'confirm', title: string, text: string, verb: string, path: string, problem: string, busy: boolean}} Confirmation
 */

/** @param {ReturnType<typeof import('./page.js').createPage>} page */
export function createActions(page) {
  const { store } = page;

  /** @param {string} title @param {string} text @param {string} verb @param {string} path */
  function ask(title, text, verb, path) {
    store.set({ dialog: { kind: 'confirm', title, text, verb, path, problem: '', busy: false } });
  }

  function ofInstance(upstream, verb) {
    return `api/instances/${encodeURIComponent(upstream.id)}/${verb}?node=${encodeURIComponent(upstream.node)}`;
  }

  return {
    drain(upstream) {
      ask(
        `Drain ${upstream.id}?`,
        `This balancer sends ${upstream.id} on ${upstream.node} no new requests, until it is readmitted. ` +
          'Those under way are finished. Other balancers go on.',
        'Drain',
        ofInstance(upstream, 'drain'),
      );
    },

    readmit(upstream) {
      ask(
        `Readmit ${upstream.id}?`,
        `This balancer sends ${upstream.id} on ${upstream.node} requests again, if its checks pass.`,
        'Readmit',
        ofInstance(upstream, 'readmit'),
      );
    },

    reload() {
      ask(
        'Reload the configuration?',
        'The file is read again and comes into force without a failed request, unless something in it is wrong.',
        'Reload',
        'api/reload',
      );
    },

    /** Does what was asked for. */
    async confirm() {
      const dialog = store.get().dialog;
      store.set({ dialog: { ...dialog, busy: true, problem: '' } });
      try {
        const answer = await post(dialog.path, token() ?? '');
        store.set({ dialog: null, announcement: `Done: ${answer.summary ?? dialog.verb}.` });
      } catch (error) {
        const refused = /** @type {RefusedError} */ (error);
        if (refused.status === 401) {
          forget();
          store.set({ unlocked: false });
        }
        store.set({ dialog: { ...dialog, busy: false, problem: refused.message } });
      }
    },

    close() {
      store.set({ dialog: null });
    },

    openTokenDialog() {
      store.set({ dialog: { kind: 'token' } });
    },

    /** @param {string} text */
    unlock(text) {
      remember(text);
      store.set({ dialog: null, unlocked: true, announcement: 'Actions are unlocked in this tab.' });
    },

    lock() {
      forget();
      store.set({ unlocked: false, announcement: 'Actions are locked; the token is forgotten.' });
    },

    /** @param {string} type @param {string} instance */
    showLog(type, instance) {
      store.set({ dialog: { kind: 'log', type, instance } });
    },
  };
}
