/**
 * What can go wrong with a request, what the client is told then, and whether another try is allowed: plain Java, no
 * I/O.
 */
@NullMarked
package dev.pointsman.balancer.resilience;

import org.jspecify.annotations.NullMarked;
