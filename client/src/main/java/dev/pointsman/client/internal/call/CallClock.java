package dev.pointsman.client.internal.call;

import io.vertx.core.internal.ContextInternal;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The timers of one call: its deadline, the end of the registry's or an attempt's time, and the time for a hedge. For the call's context alone. */
final class CallClock {
    private static final long NONE = -1;

    private final ContextInternal context;
    private final LongSupplier nanos;
    private final @Nullable LoopDeadlines deadlines;
    private @Nullable Runnable whenDue;
    private long due;
    private long deadline = NONE;
    private long next = NONE;
    private long hedge = NONE;
    private boolean stopped;

    // Its neighbours among the loop's deadlines, which are these.
    @Nullable
    CallClock older;

    @Nullable
    CallClock newer;

    /** @param deadlines of the loop on which the context's thread is; null where it is on none */
    CallClock(ContextInternal context, LongSupplier nanos, @Nullable LoopDeadlines deadlines) {
        this.context = context;
        this.nanos = nanos;
        this.deadlines = deadlines;
    }

    boolean hasDeadline() {
        return deadline != NONE || whenDue != null;
    }

    /** Sets the time at which the call is over, once. */
    void deadline(long at, Runnable action) {
        deadline = set(at - nanos.getAsLong(), action);
    }

    /** The same, at a time that is as far from now for all calls. */
    void commonDeadline(long at, Runnable action) {
        due = at;
        if (deadlines == null) {
            deadline(due, action);
        } else {
            whenDue = action;
            deadlines.add(this);
        }
    }

    /** When it is due, on the clock's scale. */
    long due() {
        return due;
    }

    /** Notes that it is due. */
    void expire() {
        Runnable action = whenDue;
        leaveDeadlines();
        if (action != null) {
            context.runOnContext(there -> {
                if (!stopped) {
                    action.run();
                }
            });
        }
    }

    private void leaveDeadlines() {
        if (whenDue != null && deadlines != null) {
            whenDue = null;
            deadlines.remove(this);
        }
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
        leaveDeadlines();
        cancel(deadline);
        cancel(next);
        cancel(hedge);
    }

    private void cancel(long timer) {
        if (timer != NONE) {
            context.owner().cancelTimer(timer);
        }
    }
}
