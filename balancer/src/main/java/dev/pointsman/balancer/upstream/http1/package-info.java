/**
 * Connections to upstreams in HTTP/1.1, with one request at a time on each: what is sent is sent as it is, what comes back is
 * checked before it is used, and a connection is used again only when nothing is left on it. Why not Vert.x's client:
 * docs/adr/0007. Nothing in here is thread-safe, everything belongs to the loop.
 */
@NullMarked
package dev.pointsman.balancer.upstream.http1;

import org.jspecify.annotations.NullMarked;
