package dev.pointsman.pool;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** What a pool counts over all its upstreams; thread-safe. */
final class PoolCounters {
    /** Exact at any moment, as load is judged by it; the others need not be. */
    final AtomicInteger inFlight = new AtomicInteger();

    /** Answers whose heads came; only differences mean something, as it wraps around. */
    final AtomicInteger answers = new AtomicInteger();

    /** How many upstreams the newest snapshot has to pick from; 0 where stalls are of no interest. */
    volatile int pickable;

    final LongAdder picks = new LongAdder();
    final LongAdder failures = new LongAdder();
    final LongAdder ejections = new LongAdder();
    final LongAdder withheldEjections = new LongAdder();
    final LongAdder failOpenPicks = new LongAdder();
    final LongAdder heldViews = new LongAdder();

    PoolCounts counts() {
        return new PoolCounts(
                inFlight.get(),
                picks.sum(),
                failures.sum(),
                ejections.sum(),
                withheldEjections.sum(),
                failOpenPicks.sum(),
                heldViews.sum());
    }
}
