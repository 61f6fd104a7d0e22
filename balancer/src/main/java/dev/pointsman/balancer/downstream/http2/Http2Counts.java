package dev.pointsman.balancer.downstream.http2;

import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;

/** Counts of clients' connections in HTTP/2, over all event loops, since the start. Thread-safe. */
public final class Http2Counts {
    private final LongAdder connections = new LongAdder();
    private final LongAdder streams = new LongAdder();
    private final LongAdder malformed = new LongAdder();
    private final AtomicLongArray abuses = new AtomicLongArray(Http2Abuse.values().length);

    void connection() {
        connections.increment();
    }

    void stream() {
        streams.increment();
    }

    void malformed() {
        malformed.increment();
    }

    void abuse(Http2Abuse reason) {
        abuses.incrementAndGet(reason.ordinal());
    }

    /** How many connections there were. */
    public long connections() {
        return connections.sum();
    }

    /** How many requests came by them. */
    public long streams() {
        return streams.sum();
    }

    /** How many requests were reset because they were malformed (RFC 9113, 8.1.1). */
    public long malformedRequests() {
        return malformed.sum();
    }

    /** How many connections were ended for a reason. */
    public long abuses(Http2Abuse reason) {
        return abuses.get(reason.ordinal());
    }
}
