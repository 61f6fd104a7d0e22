package dev.pointsman.balancer.trace;

import java.util.concurrent.atomic.LongAdder;

/** Counts of what became of recorded spans. Thread-safe. */
public final class SpanCounts {
    private final LongAdder exported = new LongAdder();
    private final LongAdder dropped = new LongAdder();
    private final LongAdder failed = new LongAdder();

    SpanCounts() {}

    /** Spans that the collector has taken. */
    public long exported() {
        return exported.sum();
    }

    /** Spans that were dropped because too many waited. */
    public long dropped() {
        return dropped.sum();
    }

    /** Spans that were lost because the collector did not take them. */
    public long failed() {
        return failed.sum();
    }

    void addExported(long spans) {
        exported.add(spans);
    }

    void addDropped() {
        dropped.increment();
    }

    void addFailed(long spans) {
        failed.add(spans);
    }
}
