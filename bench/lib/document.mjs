// What bench/run reports, and docs/benchmarks.md: written by hand above a mark, by bench/run below it.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { home } from './home.mjs';
import { allocationTable, caseTable, markdown, othersShare, ratios } from './table.mjs';

const MARK = '<!-- bench/run writes everything below this line -->';
const DOCUMENT = join(home, 'docs/benchmarks.md');

/** Everything about a run: where and with what, ratios, and all figures. */
export function document(facts, peers, { cases, rounds, allocated }) {
  const rows = [
    ...facts,
    ['load average before each round', rounds.loads.map((each) => each.toFixed(2)).join(', ')],
    ['others on the proxy\'s core', othersShare(cases, peers, rounds)],
  ];
  return [
    `## Machine and command\n\n${markdown(['', ''], rows)}`,
    ratios(cases, peers, rounds),
    allocationTable(allocated),
    '## All figures\n\nMedians of the rounds\' processes; in parentheses the ratio to HAProxy\'s, the median of the rounds\' own.',
    ...cases.map((each) => caseTable(each, peers, rounds)),
  ].filter(Boolean).join('\n\n');
}

/** Replaces what is below the mark. */
export function replaceGenerated(text) {
  const [byHand] = readFileSync(DOCUMENT, 'utf8').split(MARK);
  writeFileSync(DOCUMENT, `${byHand}${MARK}\n\n${text}\n`);
}
