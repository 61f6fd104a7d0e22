package dev.pointsman.registry.consul;

import java.time.Duration;
import java.util.function.LongSupplier;

/** A clock that a test moves. It starts just below the point where nanoseconds overflow, as a real one may. */
final class TestTime implements LongSupplier {
    private long nanos = Long.MAX_VALUE - Duration.ofSeconds(1).toNanos();

    @Override
    public long getAsLong() {
        return nanos;
    }

    void pass(Duration duration) {
        nanos += duration.toNanos();
    }
}
