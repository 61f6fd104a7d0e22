package dev.pointsman.pool;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** The live counters of a pool over all its upstreams; {@link PoolStatistics} is a copy to read. Thread-safe. */
final class PoolCounters {
    /** Exact at any moment, as load is judged by it; the others need not be. */
    final AtomicInteger inFlight = new AtomicInteger();

    /** Responses whose heads arrived; only differences mean something, as it wraps around. */
    final AtomicInteger responses = new AtomicInteger();

    /** The number of upstreams in the newest snapshot to pick from; 0 where stalls are of no interest. */
    volatile int pickable;

    final LongAdder picks = new LongAdder();
    final LongAdder failures = new LongAdder();
    final LongAdder ejections = new LongAdder();
    final LongAdder suppressedEjections = new LongAdder();
    final LongAdder failOpenPicks = new LongAdder();
    final LongAdder retainedViews = new LongAdder();

    PoolStatistics statistics() {
        return new PoolStatistics(
                inFlight.get(),
                picks.sum(),
                failures.sum(),
                ejections.sum(),
                suppressedEjections.sum(),
                failOpenPicks.sum(),
                retainedViews.sum());
    }
}
