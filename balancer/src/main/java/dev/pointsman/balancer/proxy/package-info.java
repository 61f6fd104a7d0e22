/** A request's way from the client to an upstream and back. Everything of one request runs on one event loop. */
@NullMarked
package dev.pointsman.balancer.proxy;

import org.jspecify.annotations.NullMarked;
