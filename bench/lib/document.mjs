// docs/benchmarks.md: written by hand above a mark, by bench/run below it.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { home } from './home.mjs';

const MARK = '<!-- bench/run writes everything below this line -->';

export const DOCUMENT = join(home, 'docs/benchmarks.md');

/** Replaces what is below the mark. */
export function writeDocument(text) {
  const [byHand] = readFileSync(DOCUMENT, 'utf8').split(MARK);
  writeFileSync(DOCUMENT, `${byHand}${MARK}\n\n${text}\n`);
}
