/**
 * The upstreams of each route target, with what this process knows about them: plain Java, no I/O, no clock of its own.
 *
 * <p>A {@link dev.pointsman.pool.Pool} is changed by one thread at a time (the registry's views, how attempts ended, the
 * passing of time) and read by many, which read one volatile {@link dev.pointsman.pool.PoolSnapshot} per attempt and use
 * nothing else. Live state (in flight, counts, ejection) sits in {@link dev.pointsman.pool.Upstream}, survives every view
 * that still lists the instance, and dies with it.
 */
@NullMarked
package dev.pointsman.pool;

import org.jspecify.annotations.NullMarked;
