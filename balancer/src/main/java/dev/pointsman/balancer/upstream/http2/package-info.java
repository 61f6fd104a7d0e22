/**
 * Connections to upstreams in HTTP/2 (RFC 9113), each with many requests at a time, on Netty's frames and flow control. How a
 * request gets its connection: docs/adr/0044. Nothing in here is thread-safe, everything belongs to the loop.
 */
@NullMarked
package dev.pointsman.balancer.upstream.http2;

import org.jspecify.annotations.NullMarked;
