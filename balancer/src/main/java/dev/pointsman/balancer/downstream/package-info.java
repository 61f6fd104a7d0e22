/**
 * Connections of clients, on Vert.x and Netty: the strict decoding of requests, the arrival of their bodies, the
 * timeouts and limits of a connection, and its end. What a request is then used for is not known here, and of HTTP/1.1
 * nothing is known outside but by the code that accepts connections; the others use
 * {@link dev.pointsman.balancer.downstream.ClientConnection}. Apart from the types that say so, nothing in here is
 * thread-safe: a connection belongs to its event loop.
 */
@NullMarked
package dev.pointsman.balancer.downstream;

import org.jspecify.annotations.NullMarked;
