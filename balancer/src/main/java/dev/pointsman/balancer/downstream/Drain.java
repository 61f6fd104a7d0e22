package dev.pointsman.balancer.downstream;

import java.time.Duration;

/**
 * The switch that begins the draining of client connections: once the balancer is about to stop, every response tells
 * its client to send no further request on the connection, so that none is lost when it closes. A connection without a
 * request is closed only after it was silent for {@link #SILENCE}, counted from the beginning of the drain at the
 * earliest: a request may be on its way to it. Thread-safe.
 */
public final class Drain {
    /** The time for a request that is on its way: a round trip's worth, for the slowest of networks. */
    static final long SILENCE = Duration.ofSeconds(1).toNanos();

    private volatile boolean draining;
    private volatile long since;

    /** Begins the draining: from now on, connections end with their current response. */
    public synchronized void begin() {
        if (!draining) {
            since = System.nanoTime();
            draining = true;
        }
    }

    public boolean isDraining() {
        return draining;
    }

    /**
     * Whether the drain has begun, and nothing has happened on a connection for long enough since then.
     *
     * @param lastActive when something happened, in nanoseconds of {@link System#nanoTime}
     */
    public boolean isOver(long lastActive, long now) {
        return draining && now - since > SILENCE && now - lastActive > SILENCE;
    }
}
