/** A line of one value during the last fifteen minutes. */

import { html } from '../html.js';
import { SPAN_MS } from '../model/histories.js';

/** @typedef {import('../model/types.js').Point} Point */

const WIDTH = 120;
const HEIGHT = 28;

/**
 * @param {Point[]} points
 * @param {(point: Point) => number|null} value
 * @param {number} most
 * @returns {string} pieces of a line; it is broken where nothing is known
 */
function path(points, value, most) {
  const end = Date.parse(points.at(-1).at);
  let joined = false;
  let result = '';
  for (const point of points) {
    const known = value(point);
    if (known == null) {
      joined = false;
      continue;
    }
    const x = WIDTH * (1 - (end - Date.parse(point.at)) / SPAN_MS);
    const y = HEIGHT - 1 - (HEIGHT - 3) * (most > 0 ? known / most : 0);
    result += `${joined ? 'L' : 'M'}${x.toFixed(1)} ${y.toFixed(1)}`;
    joined = true;
  }
  return result;
}

/**
 * @param {{points: Point[], value: (point: Point) => number|null, format: (value: number|null) => string, label: string,
 *     mood?: string}} props
 */
export function Sparkline({ points, value, format, label, mood = '' }) {
  const known = points.map(value).filter((each) => each != null);
  if (known.length < 2) {
    return html`<span class="spark-empty"></span>`;
  }
  const most = Math.max(...known);
  const says = `${label}, last 15 minutes: at most ${format(most)}, now ${format(known.at(-1))}`;
  // A colour that warns is for what has happened: a line along the bottom is none.
  return html`<svg class=${'spark ' + (most > 0 ? mood : 'none')} role="img" aria-label=${says} viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none">
    <title>${says}</title>
    <path d=${path(points, value, most)} vector-effect="non-scaling-stroke" />
  </svg>`;
}
