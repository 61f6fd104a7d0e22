package dev.pointsman.client.internal.call;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The deadlines of the calls of one event loop that have the same time for their response, the client's: with one timer for all
 * of them, because one for each call, which is nearly always taken back, costs more than the call's other bookkeeping. The
 * oldest is due first, as all have the same time. For this loop's thread alone, but for {@link #close}.
 */
final class LoopDeadlines {
    private final EventLoop loop;
    private final LongSupplier nanos;
    private @Nullable CallClock oldest;
    private @Nullable CallClock newest;
    private @Nullable ScheduledFuture<?> timer;

    LoopDeadlines(EventLoop loop, LongSupplier nanos) {
        this.loop = loop;
        this.nanos = nanos;
    }

    /** Adds one that is due no earlier than those that are there. */
    void add(CallClock clock) {
        CallClock before = newest;
        clock.older = before;
        newest = clock;
        if (before == null) {
            oldest = clock;
        } else {
            before.newer = clock;
        }
        if (timer == null) {
            await(clock);
        }
    }

    void remove(CallClock clock) {
        CallClock older = clock.older;
        CallClock newer = clock.newer;
        clock.older = null;
        clock.newer = null;
        if (older == null) {
            oldest = newer;
        } else {
            older.newer = newer;
        }
        if (newer == null) {
            newest = older;
        } else {
            newer.older = older;
        }
    }

    private void await(CallClock first) {
        timer = loop.schedule(this::look, Math.max(0, first.due() - nanos.getAsLong()), TimeUnit.NANOSECONDS);
    }

    private void look() {
        timer = null;
        long now = nanos.getAsLong();
        CallClock first = oldest;
        while (first != null && first.due() - now <= 0) {
            first.expire();
            first = oldest;
        }
        if (first != null) {
            await(first);
        }
    }

    /** Ends the timer. */
    void close() {
        if (!loop.isShuttingDown()) {
            loop.execute(() -> {
                if (timer != null) {
                    timer.cancel(false);
                }
            });
        }
    }
}
