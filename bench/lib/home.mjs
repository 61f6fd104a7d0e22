import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout. */
export const home = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** The jar with every command of Pointsman. */
export const jar = join(home, 'command-line/target/pointsman.jar');
