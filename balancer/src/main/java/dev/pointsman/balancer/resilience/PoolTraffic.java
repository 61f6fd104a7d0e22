package dev.pointsman.balancer.resilience;

import java.util.concurrent.atomic.LongAdder;

/** What happened to the requests of one pool beside being answered, since the start. Thread-safe. */
public final class PoolTraffic {
    private final LongAdder retries = new LongAdder();
    private final LongAdder movedOn = new LongAdder();
    private final LongAdder waited = new LongAdder();
    private final LongAdder turnedAway = new LongAdder();

    /** Counts another attempt after one that failed. */
    public void retry() {
        retries.increment();
    }

    /** Counts a request that went on from an instance that did not answer within the attempt's time. */
    public void moveOn() {
        movedOn.increment();
    }

    /** Counts a request that had to wait for a place. */
    public void hadToWait() {
        waited.increment();
    }

    /** Counts a request that was refused because there was no place, in the queue or in time. */
    public void turnAway() {
        turnedAway.increment();
    }

    public long retries() {
        return retries.sum();
    }

    public long movedOn() {
        return movedOn.sum();
    }

    public long waited() {
        return waited.sum();
    }

    public long turnedAway() {
        return turnedAway.sum();
    }
}
