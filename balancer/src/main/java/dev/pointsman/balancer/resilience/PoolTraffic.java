package dev.pointsman.balancer.resilience;

import java.util.concurrent.atomic.LongAdder;

/**
 * The counts of what happened to the requests of one pool, since the start: retries, timeouts of attempts, waits and
 * rejections. Thread-safe.
 */
public final class PoolTraffic {
    private final LongAdder retries = new LongAdder();
    private final LongAdder attemptTimeouts = new LongAdder();
    private final LongAdder waited = new LongAdder();
    private final LongAdder rejected = new LongAdder();

    /** Counts another attempt after a failed attempt. */
    public void retry() {
        retries.increment();
    }

    /** Counts a request that went on from an instance that did not respond within the attempt's time. */
    public void attemptTimedOut() {
        attemptTimeouts.increment();
    }

    /** Counts a request that waited for a permit. */
    public void hadToWait() {
        waited.increment();
    }

    /** Counts a request that was rejected because there was no permit in time, or no room in the queue. */
    public void reject() {
        rejected.increment();
    }

    public long retries() {
        return retries.sum();
    }

    public long attemptTimeouts() {
        return attemptTimeouts.sum();
    }

    public long waited() {
        return waited.sum();
    }

    public long rejected() {
        return rejected.sum();
    }
}
