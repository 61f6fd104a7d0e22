// The peers, in the order of the tables.
//
// Each has: name; title; note (how it is set up, for the reader of the tables); jit (whether it gets faster as
// it runs); spare (whether --quick leaves it out); missing() (why it cannot take part, or
// nothing); version(); start(context) which gives { port, process } once it forwards, or once it can be told where to.
import { caddy } from './caddy.mjs';
import { haproxy } from './haproxy.mjs';
import { nginx } from './nginx.mjs';
import { node } from './node.mjs';
import { pointsman, pointsmanJar } from './pointsman.mjs';
import { stock } from './stock.mjs';

export const PEERS = [pointsman, pointsmanJar, stock, nginx, haproxy, caddy, node];
