/**
 * The connection to the live view. It comes back by itself, and says when the balancer is away: also where the browser
 * notices nothing, as when a machine is gone without a word.
 */

/** The balancer says something every second. */
const SILENT_MS = 4000;
const AGAIN_MS = 2000;

/**
 * @typedef {{overview: (data: any) => void, change: (data: any) => void, connected: () => void, away: () => void}} Listener
 */

/** @param {Listener} listener */
export function createLive(listener) {
  /** @type {EventSource|null} */
  let source = null;
  let address = '';
  let heard = 0;
  let isAway = false;

  function away() {
    if (!isAway) {
      isAway = true;
      listener.away();
    }
  }

  function back() {
    heard = Date.now();
    if (isAway) {
      isAway = false;
      listener.connected();
    }
  }

  function open() {
    source?.close();
    heard = Date.now();
    const opened = new EventSource(address);
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
      if (source === opened) {
        away();
      }
    });
  }

  window.setInterval(() => {
    const silent = Date.now() - heard;
    // A source that was answered with anything but a stream has given up for good.
    const closed = source !== null && source.readyState === EventSource.CLOSED && silent > AGAIN_MS;
    if (source !== null && (closed || silent > SILENT_MS)) {
      away();
      open();
    }
  }, 1000);

  return {
    /** @param {string} next what to listen to from now on */
    follow(next) {
      address = next;
      open();
    },
  };
}
