/** A state of an instance or of the balancer: by word, by sign and by colour. */

import { html } from '../html.js';

const SIGNS = {
  ready: '●',
  running: '●',
  probing: '◐',
  starting: '◐',
  stalled: '◐',
  stopping: '◑',
  draining: '◑',
  drained: '‖',
  maintenance: '‖',
  weightless: '○',
  ejected: '✕',
  critical: '✕',
  away: '✕',
  failed: '✕',
  backoff: '◐',
  gone: '–',
};

const MOODS = {
  ready: 'good',
  running: 'good',
  probing: 'warn',
  starting: 'warn',
  stalled: 'warn',
  backoff: 'warn',
  ejected: 'bad',
  critical: 'bad',
  away: 'bad',
  failed: 'bad',
};

/** @param {string} state */
export function moodOf(state) {
  return MOODS[state] ?? 'quiet';
}

/** @param {string} state */
export function signOf(state) {
  return SIGNS[state] ?? '•';
}

/** @param {{state: string}} props */
export function State({ state }) {
  return html`<span class=${'state ' + moodOf(state)}>
    <span class="sign" aria-hidden="true">${signOf(state)}</span>${state.replaceAll('-', ' ')}
  </span>`;
}
