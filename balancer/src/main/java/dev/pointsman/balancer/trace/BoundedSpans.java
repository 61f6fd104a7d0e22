package dev.pointsman.balancer.trace;

import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SpanProcessor;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A bound on the spans that wait for their export. OpenTelemetry's queue behind it has the same bound, but does not say what it
 * drops. Thread-safe.
 */
final class BoundedSpans implements SpanProcessor {
    private final SpanProcessor queue;
    private final int most;
    private final AtomicInteger waiting;
    private final SpanTrouble trouble;

    /**
     * A bound.
     *
     * @param waiting counted up here, and down by who takes them off the queue
     * @param trouble told of each span that is dropped
     */
    BoundedSpans(SpanProcessor queue, int most, AtomicInteger waiting, SpanTrouble trouble) {
        this.queue = queue;
        this.most = most;
        this.waiting = waiting;
        this.trouble = trouble;
    }

    @Override
    public void onEnd(ReadableSpan span) {
        if (waiting.incrementAndGet() <= most) {
            queue.onEnd(span);
        } else {
            waiting.decrementAndGet();
            trouble.dropped();
        }
    }

    @Override
    public boolean isEndRequired() {
        return true;
    }

    @Override
    public void onStart(Context parent, ReadWriteSpan span) {
        // spans end at once
    }

    @Override
    public boolean isStartRequired() {
        return false;
    }

    @Override
    public CompletableResultCode forceFlush() {
        return queue.forceFlush();
    }

    @Override
    public CompletableResultCode shutdown() {
        return queue.shutdown();
    }
}
