/** The routes, by which a request's target is found: plain Java, no I/O. */
@NullMarked
package dev.pointsman.balancer.route;

import org.jspecify.annotations.NullMarked;
