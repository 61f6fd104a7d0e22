/**
 * The token that allows to change something. It is kept for this tab alone, until it is closed or the token is forgotten,
 * and goes nowhere but into the Authorization field of a change.
 */

const KEY = 'pointsman-admin-token';

export function token() {
  return window.sessionStorage.getItem(KEY);
}

/** @param {string} text */
export function remember(text) {
  window.sessionStorage.setItem(KEY, text);
}

export function forget() {
  window.sessionStorage.removeItem(KEY);
}
