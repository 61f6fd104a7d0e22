package dev.pointsman.testkit;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

/** A clock for tests that stands still until it is advanced. Both clocks go together; thread-safe. */
public final class ManualTime {
    private static final Instant MIDNIGHT = Instant.parse("2026-01-01T00:00:00Z");

    private final long origin;
    private final AtomicLong nanos;

    /** A time near the point where nanoseconds turn negative, as they may on any machine. */
    public ManualTime() {
        this(Long.MAX_VALUE - Duration.ofSeconds(40).toNanos());
    }

    private ManualTime(long origin) {
        this.origin = origin;
        this.nanos = new AtomicLong(origin);
    }

    /** The monotonic clock, in nanoseconds since an arbitrary moment. */
    public long nanos() {
        return nanos.get();
    }

    /** The wall clock. */
    public Instant instant() {
        return MIDNIGHT.plusNanos(nanos.get() - origin);
    }

    public void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    public void passSeconds(long seconds) {
        pass(Duration.ofSeconds(seconds));
    }
}
