import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout. */
export const home = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

export const jar = join(home, 'balancer/target/balancer.jar');
