/**
 * Lists of Consul's, each followed by blocking queries. Internal: no API, may change in any version.
 *
 * <p>{@code BlockingQuery} decides what to ask next and when (no I/O), {@code QueryLoop} carries it out over a
 * {@code ConsulTransport}, {@code WatchedList} is what came of it, as far as {@code SelfPreservation} lets a response count.
 */
@NullMarked
package dev.pointsman.registry.consul.internal.query;

import org.jspecify.annotations.NullMarked;
