/** What another table of routes would change for the requests of late: plain Java, no I/O. */
@NullMarked
package dev.pointsman.balancer.plan;

import org.jspecify.annotations.NullMarked;
