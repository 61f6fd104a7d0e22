// Results as Markdown: one table of ratios over all cases, then one table a case.
import { claim, median } from './interval.mjs';
import { keptPace } from './rounds.mjs';
import { errorsInWords } from './measure.mjs';

/** What everyone is compared with. */
const MEASURE = 'haproxy';

const columns = ({ unit = 'request' }) => ['', `${unit}s/s`, `CPU µs/${unit}`, 'p50 ms', 'p99 ms', 'RSS MB', 'core busy', 'errors'];

const of = (result, key) => median(result.samples.map((sample) => sample[key]));
const whole = (number) => Math.round(number).toLocaleString('en-US');
const known = (quotient) => (Number.isFinite(quotient) ? quotient.toFixed(2) : '-');
const ms = (us) => !Number.isFinite(us) ? '-' : (us < 9995 ? (us / 1000).toFixed(2) : (us / 1000).toFixed(0));
const us = (value) => (value < 99.95 ? value.toFixed(1) : whole(value));

/**
 * What a result is beside another one, in each round that has both: each compared in itself, because what a machine gives changes more
 * from minute to minute than from one measurement to the next, and each round has processes of its own, because two of one kind differ.
 */
const beside = (result, other, key) => result.samples.flatMap((sample) => {
  const same = other.samples.find(({ round }) => round === sample.round);
  return same ? [sample[key] / same[key]] : [];
});

/** Ratios of CPU time a request to HAProxy's, by case and peer. */
export function ratios(cases, peers, rounds) {
  const measured = cases.filter(({ half }) => !half);
  if (measured.length === 0 || !peers.some(({ name }) => name === MEASURE)) {
    return '';
  }
  const rows = measured.map((each) => {
    const other = rounds.of(each, peers.find(({ name }) => name === MEASURE));
    return [each.title, ...peers.map((peer) => peer.name === MEASURE ? '1' : claim(beside(rounds.of(each, peer), other, 'cpu')))];
  });
  return `## CPU time a request, as a ratio to HAProxy's\n\n${markdown(['', ...peers.map(({ title }) => title)], rows)}`;
}

/** What requests allocate, by case and JVM. */
export function allocationTable(allocated) {
  const titles = [...new Set(allocated.map(({ title }) => title))];
  const peers = [...new Set(allocated.map(({ peer }) => peer))];
  const cell = (title, peer) => allocated.find((each) => each.title === title && each.peer === peer)?.bytes;
  const rows = titles.map((title) => [title, ...peers.map((peer) => whole(cell(title, peer)))]);
  return rows.length > 0 && `## Bytes allocated on the heap for a request\n\n${markdown(['', ...peers], rows)}`;
}

/** All figures of one case. */
export function caseTable(benchCase, peers, rounds) {
  const haproxy = peers.find(({ name }) => name === MEASURE);
  const base = haproxy && rounds.of(benchCase, haproxy);
  const rows = peers.map((peer) => [peer, rounds.of(benchCase, peer)])
    .filter(([, { samples, failed }]) => samples.length > 0 || failed)
    .map(([peer, result]) => row(peer, result, base));
  return `### ${benchCase.title}\n\n${markdown(columns(benchCase), rows)}`;
}

function row(peer, result, base) {
  if (!result.samples.some(({ requests }) => requests > 0)) {
    return [peer.title, '-', '-', '-', '-', '-', '-', result.failed ?? 'no response in time'];
  }
  const compared = (key, shown) => shown(of(result, key)) + (base ? ` (${known(median(beside(result, base, key)))})` : '');
  return [
    peer.title,
    compared('rate', whole) + (keptPace(result) ? '' : `; wanted ${whole(result.rateWanted)}`),
    compared('cpu', us),
    ms(of(result, 'p50')),
    Number.isFinite(of(result, 'p99')) ? compared('p99', ms) : '-',
    whole(of(result, 'resident') / 1e6),
    `${whole(of(result, 'busy') * 100)} %`,
    [errorsInWords(sumOfErrors(result.samples)), result.failed].filter(Boolean).join('; ') || 'none',
  ];
}

function sumOfErrors(samples) {
  const sum = {};
  for (const { errors } of samples) {
    for (const [kind, count] of Object.entries(errors)) {
      sum[kind] = (sum[kind] ?? 0) + count;
    }
  }
  return sum;
}

/** How much of the proxy's core went to processes that are no part of this: the less, the better the figures. */
export function othersShare(cases, peers, rounds) {
  const shares = cases.flatMap((each) => peers.flatMap((peer) => rounds.of(each, peer).samples.map(({ others }) => others)));
  return `${whole(median(shares) * 100)} % of the time (median), ${whole(Math.max(0, ...shares) * 100)} % at the worst`;
}

/** A table; columns of figures, but for those without a name, to the right. */
export function markdown(header, rows) {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  return [line(header), `|${header.map((name) => (name ? '---:|' : '---|')).join('')}`, ...rows.map(line)].join('\n');
}
