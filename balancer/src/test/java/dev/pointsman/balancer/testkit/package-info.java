/**
 * What the balancer's tests stand on: a proxy with pools filled by hand, upstreams that do what a script says, and
 * both ends of a connection byte by byte.
 */
@NullMarked
package dev.pointsman.balancer.testkit;

import org.jspecify.annotations.NullMarked;
