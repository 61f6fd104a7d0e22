package dev.pointsman.pool;

import java.time.Duration;

/**
 * The settings of a pool: which upstreams are left out, and when.
 *
 * @param outliers when upstreams are ejected for how attempts at them ended
 * @param slowStart for how long a fresh upstream gets less than its share, rising from 10 % to all of it; zero (the
 *     default) gives it all of it at once. A day at most
 * @param maxInFlight how many attempts may be in flight on one upstream; beyond that it is not picked. 0 (the default)
 *     sets no limit
 * @param failOpen whether, when no upstream looks healthy, those are used that nobody took out by maintenance, a drain or a
 *     weight of 0, rather than none; and whether a request that failed on all healthy ones may go to one of the others
 * @param passStalled whether an upstream is passed over that no longer responds while the others do, see
 *     {@link Upstream#isStalled}
 */
public record PoolOptions(
        OutlierOptions outliers, Duration slowStart, int maxInFlight, boolean failOpen, boolean passStalled) {
    /** Outliers are ejected, stalled ones passed over, and no request is refused while an upstream is left that might serve it. */
    public static final PoolOptions DEFAULT = new PoolOptions(OutlierOptions.DEFAULT, Duration.ZERO, 0, true, true);

    /** The registry alone decides which upstreams are picked. */
    public static final PoolOptions REGISTRY_ONLY = new PoolOptions(OutlierOptions.OFF, Duration.ZERO, 0, false, false);

    public PoolOptions {
        if (slowStart.isNegative() || slowStart.compareTo(Duration.ofDays(1)) > 0) {
            throw new IllegalArgumentException("slowStart: " + slowStart + " (expected: 0 to a day)");
        }
        if (maxInFlight < 0) {
            throw new IllegalArgumentException("maxInFlight: " + maxInFlight + " (expected: 0 or more)");
        }
    }

    public PoolOptions withOutliers(OutlierOptions options) {
        return new PoolOptions(options, slowStart, maxInFlight, failOpen, passStalled);
    }

    public PoolOptions withSlowStart(Duration window) {
        return new PoolOptions(outliers, window, maxInFlight, failOpen, passStalled);
    }

    public PoolOptions withMaxInFlight(int limit) {
        return new PoolOptions(outliers, slowStart, limit, failOpen, passStalled);
    }

    public PoolOptions withFailOpen(boolean allowed) {
        return new PoolOptions(outliers, slowStart, maxInFlight, allowed, passStalled);
    }
}
