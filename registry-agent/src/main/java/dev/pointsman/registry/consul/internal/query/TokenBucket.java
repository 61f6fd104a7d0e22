package dev.pointsman.registry.consul.internal.query;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Lets a burst of takers through at once and the rest at a steady pace. Kept as one number, the time at which the
 * bucket would be full again (the "virtual scheduling" of ITU-T I.371). Not thread-safe.
 */
final class TokenBucket {
    private final long interval;
    private final long tolerance;
    private final LongSupplier nanoTime;
    private long fullAt;

    /**
     * @param burst how many may pass without a pause, at least 1
     * @param interval the time in which one more token comes
     */
    TokenBucket(int burst, Duration interval, LongSupplier nanoTime) {
        this.interval = interval.toNanos();
        this.tolerance = this.interval * (burst - 1L);
        this.nanoTime = nanoTime;
        this.fullAt = nanoTime.getAsLong();
    }

    /** Takes so many more, whether they are there or not: the next one comes later. */
    void charge(int tokens) {
        fullAt = Math.max(fullAt, nanoTime.getAsLong()) + tokens * interval;
    }

    /** Takes a token and returns zero, or takes none and returns how long to wait for the next one. */
    Duration take() {
        long now = nanoTime.getAsLong();
        long behind = Math.max(fullAt - now, 0);
        if (behind > tolerance) {
            return Duration.ofNanos(behind - tolerance);
        }
        fullAt = now + behind + interval;
        return Duration.ZERO;
    }
}
