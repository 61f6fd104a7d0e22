/** Which target a request goes to: plain Java, no I/O. */
@NullMarked
package dev.pointsman.balancer.route;

import org.jspecify.annotations.NullMarked;
