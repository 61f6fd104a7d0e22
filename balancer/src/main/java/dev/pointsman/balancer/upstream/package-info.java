/**
 * The way from an event loop to instances, whatever version of HTTP they speak: an {@code UpstreamStream} carries one request
 * and its response, {@code UpstreamConnections} gives one, and the {@code ConnectionOpener} opens what they need. What speaks a
 * version is in a package of its own. Nothing in here is thread-safe, everything belongs to the loop.
 */
@NullMarked
package dev.pointsman.balancer.upstream;

import org.jspecify.annotations.NullMarked;
