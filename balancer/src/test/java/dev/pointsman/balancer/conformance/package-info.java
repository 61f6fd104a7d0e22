/**
 * The rules of HTTP/1.1 (RFC 9110, 9112) and of WebSocket handshakes (RFC 6455) as an intermediary has to keep them, by
 * bytes on both sides of the proxy. Rows name what they are about; where two readings are allowed, both are, and
 * nothing else.
 */
@NullMarked
package dev.pointsman.balancer.conformance;

import org.jspecify.annotations.NullMarked;
