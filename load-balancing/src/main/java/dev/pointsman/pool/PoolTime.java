package dev.pointsman.pool;

import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * The clocks of a pool. Both must be thread-safe.
 *
 * @param nanos for spans of time: nanoseconds from any origin, never back, as {@code System.nanoTime}
 * @param wall the time of day, to compare with the time that an instance says it was started at
 */
public record PoolTime(LongSupplier nanos, InstantSource wall) {
    /** The clocks of pools in which nothing depends on time. */
    static final PoolTime NONE = new PoolTime(() -> 0, InstantSource.fixed(Instant.EPOCH));
}
