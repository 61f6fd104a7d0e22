package dev.pointsman.balancer.loop;

import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The timer of an event loop that checks all its timeouts. A timer for each would cost more than what it guards:
 * nearly none expires, and a tick that comes a little late (a tenth of the shortest timeout, see {@link #tickFor}) is
 * good enough for those that do. While nothing is watched nothing ticks.
 */
public final class TimeoutTicker {
    private static final Duration FASTEST_TICK = Duration.ofMillis(5);
    private static final Duration SLOWEST_TICK = Duration.ofMillis(250);

    private final EventExecutor loop;
    private final LongSupplier nanoTime;
    private long tickNanos;
    private @Nullable Watched first;
    private @Nullable Watched following;
    private boolean ticking;

    /**
     * A ticker that watches nothing yet.
     *
     * @param loop the event loop that everything here belongs to
     * @param nanoTime the clock
     * @param tick how often timeouts are checked
     */
    public TimeoutTicker(EventExecutor loop, LongSupplier nanoTime, Duration tick) {
        this.loop = loop;
        this.nanoTime = nanoTime;
        this.tickNanos = tick.toNanos();
    }

    /** A tick that is fine enough for a timeout of this length. */
    public static Duration tickFor(Duration shortest) {
        Duration tick = shortest.dividedBy(10);
        if (tick.compareTo(FASTEST_TICK) < 0) {
            return FASTEST_TICK;
        }
        return tick.compareTo(SLOWEST_TICK) > 0 ? SLOWEST_TICK : tick;
    }

    /** Changes how often timeouts are checked, from the next check on. */
    public void tickEvery(Duration tick) {
        tickNanos = tick.toNanos();
    }

    /** The time now, in nanoseconds, on the clock that timeouts are checked against. */
    public long now() {
        return nanoTime.getAsLong();
    }

    /** Adds an object, to be checked at every tick from now on until it is removed. */
    public void add(Watched watched) {
        Watched second = first;
        watched.next = second;
        if (second != null) {
            second.previous = watched;
        }
        first = watched;
        if (!ticking) {
            ticking = true;
            schedule();
        }
    }

    /** Removes an object from the checks; nothing happens if it is not watched. */
    public void remove(Watched watched) {
        Watched before = watched.previous;
        Watched after = watched.next;
        if (before == null && first != watched) {
            return;
        }
        if (following == watched) {
            following = after;
        }
        if (before == null) {
            first = after;
        } else {
            before.next = after;
        }
        if (after != null) {
            after.previous = before;
        }
        watched.previous = null;
        watched.next = null;
    }

    private void schedule() {
        // It fails only if the loop ends, and everything that is watched with it.
        var unused = loop.schedule(this::tick, tickNanos, TimeUnit.NANOSECONDS);
    }

    private void tick() {
        long now = now();
        Watched watched = first;
        while (watched != null) {
            // A check may remove any of them, itself included.
            following = watched.next;
            watched.check(now);
            watched = following;
        }
        following = null;
        if (first == null || loop.isShuttingDown()) {
            ticking = false;
        } else {
            schedule();
        }
    }

    /** An object that has timeouts. */
    public abstract static class Watched {
        private @Nullable Watched previous;
        private @Nullable Watched next;

        /**
         * Called at every tick.
         *
         * @param now in nanoseconds, see {@link TimeoutTicker#now()}
         */
        protected abstract void check(long now);
    }
}
