/** The rule for what may be sent again, and its budget: plain Java, no I/O, for the balancer and for the client. */
@NullMarked
package dev.pointsman.retry;

import org.jspecify.annotations.NullMarked;
