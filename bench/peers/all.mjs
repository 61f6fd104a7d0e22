// The peers, in the order of the tables. Each has
//   name       for the command line
//   title      for the tables
//   note       how it is set up, for the reader of the tables
//   jit        whether it compiles as it runs, and so has to be warm
//   jvm        whether jcmd can be asked about it
//   spare      whether it takes part only when it is asked for
//   only       the names of the cases that it takes part in, if not in all
//   missing()  why it cannot take part, or nothing
//   cannot(protocol)  why it does not take part where that is spoken (lib/requests.mjs), or nothing
//   version()
//   start(context, protocol)  gives { port, process } once it forwards
import { caddy } from './caddy.mjs';
import { haproxy } from './haproxy.mjs';
import { nginx } from './nginx.mjs';
import { node } from './node.mjs';
import { pointsman, pointsmanJar, pointsmanTraced } from './pointsman.mjs';
import { stock } from './stock.mjs';

export const PEERS = [pointsman, pointsmanJar, pointsmanTraced, stock, nginx, haproxy, caddy, node];

/** Those of `--quick`. */
export const QUICK_PEERS = [pointsman, nginx, haproxy].map(({ name }) => name);
