/**
 * The last fifteen minutes of all traffic and of the services on the page: asked for once, and continued from what the
 * live view says.
 */

import { getJson } from './requests.js';

/** @typedef {import('./types.js').Point} Point */
/** @typedef {import('./types.js').Overview} Overview */

export const SPAN_MS = 15 * 60 * 1000;
/** Of all requests together. */
export const ALL = '';

const AT_ONCE = 2;
const MOST_KEPT = 200;

/** @param {() => void} changed */
export function createHistories(changed) {
  /** @type {Map<string, {points: Point[], stepMs: number}>} */
  const known = new Map();
  const wanted = [];
  let running = 0;

  async function load(name) {
    running++;
    try {
      const answer = await getJson('api/traffic' + (name === ALL ? '' : '?service=' + encodeURIComponent(name)));
      known.set(name, { points: answer.points, stepMs: answer.stepMs });
      changed();
    } catch {
      // Without the past the line begins now; it is asked for again after the next gap.
    } finally {
      running--;
      next();
    }
  }

  function next() {
    while (running < AT_ONCE && wanted.length > 0) {
      load(wanted.shift());
    }
  }

  function want(name) {
    if (!known.has(name)) {
      known.set(name, { points: [], stepMs: 5000 });
      wanted.push(name);
    }
  }

  /** @param {string} name @param {string} at @param {import('./types.js').Traffic} traffic */
  function append(name, at, traffic) {
    const history = known.get(name);
    const now = Date.parse(at);
    const last = history.points.at(-1);
    if (last && now - Date.parse(last.at) < history.stepMs) {
      return;
    }
    const points = history.points.filter((point) => now - Date.parse(point.at) < SPAN_MS);
    points.push({ at, ...traffic });
    known.set(name, { ...history, points });
  }

  return {
    /** @param {Overview} overview */
    note(overview) {
      want(ALL);
      overview.services.forEach((service) => want(service.name));
      append(ALL, overview.at, overview.traffic);
      overview.services.forEach((service) => append(service.name, overview.at, service.traffic));
      for (const name of known.keys()) {
        if (known.size <= MOST_KEPT) {
          break;
        }
        if (name !== ALL && !overview.services.some((service) => service.name === name)) {
          known.delete(name);
        }
      }
      next();
    },

    /** Has everything asked for again: there was a gap. */
    forget() {
      known.clear();
      wanted.length = 0;
    },

    /** @param {string} name @returns {Point[]} */
    points(name) {
      return known.get(name)?.points ?? [];
    },
  };
}
