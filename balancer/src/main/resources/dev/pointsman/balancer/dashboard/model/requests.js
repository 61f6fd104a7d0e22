/** Requests to the admin API, by addresses relative to the page, which may stand behind a path prefix. */

/**
 * A refusal, in the API's own sentence.
 */
export class RefusedError extends Error {
  /** @param {number} status 0 if nothing was answered @param {string} sentence */
  constructor(status, sentence) {
    super(sentence);
    this.status = status;
  }
}

/** @param {string} path @param {RequestInit} [options] */
async function answer(path, options = {}) {
  let response;
  try {
    response = await fetch(path, { cache: 'no-store', ...options });
  } catch {
    throw new RefusedError(0, 'The balancer does not answer.');
  }
  if (response.ok) {
    return response;
  }
  throw new RefusedError(response.status, await sentenceOf(response));
}

/** @param {Response} response that is a refusal */
async function sentenceOf(response) {
  const otherwise = `The balancer answered with status ${response.status}.`;
  try {
    const body = await response.json();
    return (body.problems ?? [body.error]).filter(Boolean).join('; ') || otherwise;
  } catch {
    // Not the API's form, such as a page of a proxy in between: the status is all that is known.
    return otherwise;
  }
}

/**
 * Why a stream is refused.
 * @param {string} path
 * @returns {Promise<string|null>} null if it is not
 */
export async function refusalOf(path) {
  const given = new AbortController();
  try {
    await answer(path, { signal: given.signal });
    return null;
  } catch (error) {
    if (error instanceof RefusedError && error.status !== 0) {
      return error.message;
    }
    throw error;
  } finally {
    given.abort();
  }
}

/** @param {string} path @returns {Promise<any>} */
export async function getJson(path) {
  return (await answer(path)).json();
}

/** @param {string} path @param {string|null} token for what is not shown to everybody @returns {Promise<string>} */
export async function getText(path, token) {
  const fields = token === null ? {} : { Authorization: `Bearer ${token}` };
  return (await answer(path, { headers: { Accept: 'text/plain', ...fields } })).text();
}

/** @param {string} path @param {string} token @returns {Promise<any>} */
export async function post(path, token) {
  return (await answer(path, { method: 'POST', headers: { Authorization: `Bearer ${token}` } })).json();
}
