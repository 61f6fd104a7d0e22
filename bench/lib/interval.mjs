// What a few figures of one thing say, and what they do not.

/** The median; of nothing, NaN. */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length === 0 ? NaN : sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/**
 * The interval in which the median of all processes lies that could have been measured, by those that were: from the k-th lowest
 * figure to the k-th highest, for the largest k with which that is so in 19 cases of 20, whatever the distribution is. With fewer
 * than six figures it is from the lowest to the highest, and `sure` says in how many cases of 100 that is right.
 */
export function interval(values) {
  const sorted = [...values].sort((a, b) => a - b);
  let outside = tail(sorted.length, 0);
  let k = 0;
  while (k + 1 < sorted.length / 2 && 2 * (outside + tail(sorted.length, k + 1)) <= 0.05) {
    k++;
    outside += tail(sorted.length, k);
  }
  return { low: sorted[k], high: sorted.at(-1 - k), sure: Math.floor(100 * (1 - 2 * outside)) };
}

/** How likely it is that just k of n figures are below the median. */
function tail(n, k) {
  let ways = 1;
  for (let i = 0; i < k; i++) {
    ways = (ways * (n - i)) / (i + 1);
  }
  return ways / 2 ** n;
}

/** A ratio as it may be claimed: with its interval, and as none where 1 is within it. */
export function claim(ratios) {
  const known = ratios.filter(Number.isFinite);
  if (known.length === 0) {
    return '-';
  }
  const { low, high } = interval(known);
  const range = `${low.toFixed(2)} to ${high.toFixed(2)}`;
  return known.length > 1 && low <= 1 && high >= 1 ? `no difference (${range})` : `${median(known).toFixed(2)} (${range})`;
}
