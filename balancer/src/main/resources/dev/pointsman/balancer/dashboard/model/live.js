/**
 * The live view, followed for as long as the page is open: the browser connects again by itself, and this notices when nothing
 * comes any more, as when a machine is gone without a word. Where a stream is refused, it looks every few seconds instead.
 */

import { RefusedError, getJson, refusalOf } from './requests.js';

/** The balancer says something every second. */
const SILENT_MS = 4000;
/** How long after a refusal it is tried again, which the balancer asks for. */
const AGAIN_MS = 5000;
/** Nobody looks at a tab that is hidden for so long: it leaves its place among the balancer's streams to others. */
const UNSEEN_MS = 30000;

/**
 * @typedef {{overview: (data: any) => void, change: (data: any) => void, connected: () => void, away: () => void,
 *     refused: (sentence: string) => void}} Listener
 */

/** @param {Listener} listener */
export function createLive(listener) {
  /** @type {EventSource|null} */
  let source = null;
  let query = '';
  let following = false;
  let heard = 0;
  /** @type {'live'|'refused'|'away'} */
  let state = 'live';
  let leaving = 0;
  let again = 0;

  function away() {
    if (state !== 'away') {
      state = 'away';
      listener.away();
    }
  }

  function back() {
    heard = Date.now();
    if (state !== 'live') {
      state = 'live';
      listener.connected();
    }
  }

  /** @param {string} sentence */
  function refused(sentence) {
    state = 'refused';
    listener.refused(sentence);
  }

  function open() {
    window.clearTimeout(again);
    source?.close();
    heard = Date.now();
    const opened = new EventSource('api/live' + query);
    source = opened;
    opened.addEventListener('overview', (event) => {
      back();
      listener.overview(JSON.parse(event.data));
    });
    opened.addEventListener('change', (event) => {
      back();
      listener.change(JSON.parse(event.data));
    });
    opened.addEventListener('error', () => {
      if (source !== opened) {
        return;
      }
      // A source that was answered with anything but a stream has given up for good, and does not say with what.
      if (opened.readyState === EventSource.CLOSED) {
        again = window.setTimeout(open, AGAIN_MS);
        lookInstead(opened);
      } else {
        away();
      }
    });
  }

  /** @param {EventSource} closed */
  async function lookInstead(closed) {
    try {
      const sentence = await refusalOf('api/live' + query);
      if (sentence === null) {
        // There is room again by now.
        if (source === closed) {
          open();
        }
        return;
      }
      const overview = await getJson('api/overview' + query);
      if (source === closed) {
        refused(sentence);
        listener.overview(overview);
      }
    } catch (error) {
      if (!(error instanceof RefusedError)) {
        throw error;
      }
      if (source === closed) {
        // What is asked for makes no sense; or nothing can be had at all, as where a proxy stands before one that is away.
        if (error.status >= 400 && error.status < 500) {
          refused(error.message);
        } else {
          away();
        }
      }
    }
  }

  document.addEventListener('visibilitychange', () => {
    window.clearTimeout(leaving);
    if (document.hidden) {
      leaving = window.setTimeout(() => {
        window.clearTimeout(again);
        source?.close();
        source = null;
        // What is missed until somebody looks again is asked for then.
        state = 'away';
      }, UNSEEN_MS);
    } else if (source === null && following) {
      open();
    }
  });

  window.setInterval(() => {
    const gaveUp = source?.readyState === EventSource.CLOSED;
    if (source !== null && !gaveUp && Date.now() - heard > SILENT_MS) {
      away();
      open();
    }
  }, 1000);

  return {
    /** @param {string} next what to ask for from now on */
    follow(next) {
      query = next;
      following = true;
      open();
    },
  };
}
