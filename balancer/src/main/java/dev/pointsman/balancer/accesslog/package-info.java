/**
 * The access log: one line for each request that is over, made on its event loop, and written by a thread of its own. No
 * request waits for it, and no request can forge a line.
 */
@NullMarked
package dev.pointsman.balancer.accesslog;

import org.jspecify.annotations.NullMarked;
