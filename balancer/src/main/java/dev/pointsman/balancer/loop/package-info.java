/**
 * The parts that everything on one event loop shares, whatever the protocol and the side: the check of timeouts and the
 * use of channels.
 */
@NullMarked
package dev.pointsman.balancer.loop;

import org.jspecify.annotations.NullMarked;
