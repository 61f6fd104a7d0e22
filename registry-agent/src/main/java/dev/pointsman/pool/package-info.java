/**
 * The upstreams of each route target, with what this process knows about them: plain Java, no I/O, no clock of its own.
 *
 * <p>A {@link dev.pointsman.pool.Pool} has one writer, which applies the registry's views, and many readers, which read
 * one volatile {@link dev.pointsman.pool.PoolSnapshot} per attempt and use nothing else. Live state (in flight, counts)
 * sits in {@link dev.pointsman.pool.Upstream}, survives every view that still lists the instance, and dies with it.
 */
@NullMarked
package dev.pointsman.pool;

import org.jspecify.annotations.NullMarked;
