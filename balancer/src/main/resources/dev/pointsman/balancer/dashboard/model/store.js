/**
 * The state of the page: one object that is replaced and never changed, and those who are told of each replacement.
 * @template T
 * @typedef {{get: () => T, set: (part: Partial<T>) => void, subscribe: (listener: () => void) => void}} Store
 */

/**
 * @template T
 * @param {T} initial
 * @returns {Store<T>}
 */
export function createStore(initial) {
  let state = initial;
  const listeners = new Set();
  return {
    get: () => state,
    set(part) {
      state = { ...state, ...part };
      listeners.forEach((listener) => listener());
    },
    subscribe(listener) {
      listeners.add(listener);
    },
  };
}
