/**
 * Clients' connections in HTTP/2 (RFC 9113): what is read from frames and checked, the streams with their requests and responses,
 * the bounds for what a client may ask of a connection, and its end. Nothing in here is thread-safe, but {@link
 * dev.pointsman.balancer.downstream.http2.Http2Counts}: a connection belongs to its event loop.
 */
@NullMarked
package dev.pointsman.balancer.downstream.http2;

import org.jspecify.annotations.NullMarked;
