/** Numbers and times as people read them. A value that is not known is a dash. */

const UNKNOWN = '–';
const SPACE = '\u00a0';

/** @param {number} value @param {number} digits */
function rounded(value, digits) {
  return Number(value.toFixed(digits)).toString();
}

/**
 * A number in at most four characters and a unit: 7, 0.4, 312, 1.2 k, 34 M.
 * @param {number|null|undefined} value
 */
export function count(value) {
  if (value == null) {
    return UNKNOWN;
  }
  for (const [size, unit] of [[1e9, 'G'], [1e6, 'M'], [1e3, 'k']]) {
    if (value >= size * 0.9995) {
      const scaled = value / size;
      return rounded(scaled, scaled < 9.95 ? 1 : 0) + SPACE + unit;
    }
  }
  return rounded(value, value < 9.95 ? 1 : 0);
}

/** @param {number|null|undefined} perSecond */
export function rate(perSecond) {
  if (perSecond != null && perSecond > 0 && perSecond < 0.05) {
    return '<' + SPACE + '0.1';
  }
  return count(perSecond);
}

/** @param {number|null|undefined} perSecond bytes */
export function byteRate(perSecond) {
  return perSecond == null ? UNKNOWN : `${bytes(Math.round(perSecond))}/s`;
}

/** @param {number|null|undefined} value of milliseconds that something took */
export function millis(value) {
  if (value == null) {
    return UNKNOWN;
  }
  if (value < 9.95) {
    return rounded(value, 1) + SPACE + 'ms';
  }
  return value < 999.5 ? rounded(value, 0) + SPACE + 'ms' : duration(value);
}

/** @param {number|null|undefined} value of milliseconds, for a span of any length */
export function duration(value) {
  if (value == null) {
    return UNKNOWN;
  }
  const seconds = Math.max(0, value) / 1000;
  if (seconds < 9.95) {
    return rounded(seconds, 1) + SPACE + 's';
  }
  if (seconds < 99.5) {
    return rounded(seconds, 0) + SPACE + 's';
  }
  for (const [size, unit] of [[86400, 'd'], [3600, 'h'], [60, 'min']]) {
    if (seconds >= 1.7 * size) {
      return Math.round(seconds / size) + SPACE + unit;
    }
  }
  return Math.round(seconds / 60) + SPACE + 'min';
}

/**
 * How long ago an instant was.
 * @param {string|null|undefined} instant in ISO 8601
 * @param {number} now the balancer's clock, which need not be the browser's
 */
export function since(instant, now) {
  return instant == null ? UNKNOWN : duration(now - Date.parse(instant));
}

/** @param {string|null|undefined} instant in ISO 8601; the time of day here */
export function clock(instant) {
  if (instant == null) {
    return UNKNOWN;
  }
  return new Date(instant).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit', second: '2-digit', hour12: false });
}

/** @param {number|null|undefined} value of bytes */
export function bytes(value) {
  if (value == null) {
    return UNKNOWN;
  }
  for (const [size, unit] of [[2 ** 30, 'GiB'], [2 ** 20, 'MiB'], [2 ** 10, 'KiB']]) {
    if (value >= size) {
      const scaled = value / size;
      return rounded(scaled, scaled < 9.95 ? 1 : 0) + SPACE + unit;
    }
  }
  return value + SPACE + 'B';
}

/** @param {number} many @param {string} one @param {string} [others] */
export function plural(many, one, others = one + 's') {
  return `${count(many)} ${many === 1 ? one : others}`;
}

/**
 * Where a route comes from. Its place says by itself what kind of place that is, but for some.
 * @param {{source: string, where: string}} route
 */
export function origin({ source, where }) {
  return where.startsWith(source) ? where : `${source}, ${where}`;
}
