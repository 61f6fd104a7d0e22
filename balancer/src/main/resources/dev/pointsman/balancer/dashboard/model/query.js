/**
 * What is asked for: the text searched, only what is in trouble, and the page. It stands in the page's address, so that a
 * link holds it.
 * @typedef {{q: string, only: boolean, offset: number}} Query
 */

export const PAGE_SIZE = 50;

/** @returns {Query} */
export function readQuery(search = window.location.search) {
  const given = new URLSearchParams(search);
  const offset = Number.parseInt(given.get('offset') ?? '0', 10);
  return {
    q: given.get('q') ?? '',
    only: given.get('only') === 'trouble',
    offset: Number.isFinite(offset) && offset > 0 ? offset : 0,
  };
}

/** @param {Query} query */
function parameters(query) {
  const result = new URLSearchParams();
  if (query.q !== '') {
    result.set('q', query.q);
  }
  if (query.only) {
    result.set('only', 'trouble');
  }
  if (query.offset > 0) {
    result.set('offset', String(query.offset));
  }
  return result;
}

/** @param {Query} query */
export function showInAddress(query) {
  const search = parameters(query).toString();
  window.history.replaceState(null, '', (search === '' ? window.location.pathname : '?' + search) + window.location.hash);
}

/** @param {Query} query */
export function toApi(query) {
  const result = parameters(query);
  result.set('limit', String(PAGE_SIZE));
  return '?' + result;
}
