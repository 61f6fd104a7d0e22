/** The failures of requests, their statuses, and the rules for retries and queueing: plain Java, no I/O. */
@NullMarked
package dev.pointsman.balancer.resilience;

import org.jspecify.annotations.NullMarked;
