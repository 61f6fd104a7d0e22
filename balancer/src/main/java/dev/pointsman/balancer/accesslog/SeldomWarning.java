package dev.pointsman.balancer.accesslog;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** The moments at which something that goes on and on is worth a line of the log: once a minute. For one thread. */
final class SeldomWarning {
    private static final long PAUSE = TimeUnit.MINUTES.toNanos(1);

    private final LongSupplier nanos;
    private boolean warned;
    private long warnedAt;

    SeldomWarning(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** Whether it is time for the line; if so, it is taken as written. */
    boolean isDue() {
        long now = nanos.getAsLong();
        if (warned && now - warnedAt < PAUSE) {
            return false;
        }
        warned = true;
        warnedAt = now;
        return true;
    }
}
