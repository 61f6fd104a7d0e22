package dev.pointsman.client.internal.call;

import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** The timers of one call: its deadline, the end of the registry's or an attempt's time, and the time for a hedge. For the call's context alone. */
final class CallClock {
    private static final long NONE = -1;

    private final ContextInternal context;
    private final LongSupplier nanos;
    private long deadline = NONE;
    private long next = NONE;
    private long hedge = NONE;
    private boolean stopped;

    CallClock(ContextInternal context, LongSupplier nanos) {
        this.context = context;
        this.nanos = nanos;
    }

    boolean hasDeadline() {
        return deadline != NONE;
    }

    /** Sets the time at which the call is over, once. */
    void deadline(long at, Runnable action) {
        deadline = set(at - nanos.getAsLong(), action);
    }

    /** Sets the time at which what is awaited, an attempt or the registry, has taken too long, in nanoseconds from now. */
    void next(long after, Runnable action) {
        stopNext();
        next = set(after, action);
    }

    /** Ends the wait that {@link #next} has bounded. */
    void stopNext() {
        cancel(next);
        next = NONE;
    }

    /** Sets the time at which a second instance is asked, in nanoseconds from now. */
    void hedge(long after, Runnable action) {
        cancel(hedge);
        hedge = set(after, action);
    }

    private long set(long after, Runnable action) {
        // Rounded up: never before its time.
        long millis = Math.max(1, TimeUnit.NANOSECONDS.toMillis(after + TimeUnit.MILLISECONDS.toNanos(1) - 1));
        return context.setTimer(millis, due -> {
            if (!stopped) {
                action.run();
            }
        });
    }

    /** Ends all of them. */
    void stop() {
        stopped = true;
        cancel(deadline);
        cancel(next);
        cancel(hedge);
    }

    private void cancel(long timer) {
        Vertx vertx = context.owner();
        if (timer != NONE) {
            vertx.cancelTimer(timer);
        }
    }
}
