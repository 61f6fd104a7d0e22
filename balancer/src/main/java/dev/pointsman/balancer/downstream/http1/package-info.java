/**
 * Clients' connections in HTTP/1.1 (RFC 9112): the strict decoding of requests, their turns, the timeouts of a connection and its
 * end. Nothing in here is thread-safe: a connection belongs to its event loop.
 */
@NullMarked
package dev.pointsman.balancer.downstream.http1;

import org.jspecify.annotations.NullMarked;
