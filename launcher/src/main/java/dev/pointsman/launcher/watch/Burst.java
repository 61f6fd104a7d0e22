package dev.pointsman.launcher.watch;

import java.time.Duration;

/**
 * A burst of changes that count as one: over when nothing has changed for a while, or when it has gone on for too long. Pure:
 * times are handed in as nanoseconds of any clock that does not go back. Not thread-safe.
 */
final class Burst {
    private final long quietNanos;
    private final long mostNanos;
    private boolean underWay;
    private long began;
    private long latest;

    /**
     * @param quiet without a change, until a burst is over
     * @param most the longest wait for a burst that does not end
     */
    Burst(Duration quiet, Duration most) {
        this.quietNanos = quiet.toNanos();
        this.mostNanos = most.toNanos();
    }

    void changed(long now) {
        if (!underWay) {
            underWay = true;
            began = now;
        }
        latest = now;
    }

    /** The time until the burst may be over, in nanoseconds; {@link Long#MAX_VALUE} when nothing has changed. */
    long nanosLeft(long now) {
        return underWay ? Math.max(0, Math.min(latest + quietNanos - now, began + mostNanos - now)) : Long.MAX_VALUE;
    }

    /** Whether a burst is over; true once for each burst. */
    boolean over(long now) {
        boolean over = underWay && nanosLeft(now) == 0;
        underWay = underWay && !over;
        return over;
    }
}
