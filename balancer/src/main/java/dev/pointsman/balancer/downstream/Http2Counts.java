package dev.pointsman.balancer.downstream;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;

/** Counts of clients' connections in HTTP/2, over all event loops, since the start. Thread-safe. */
public final class Http2Counts {
    private final LongAdder connections = new LongAdder();
    private final LongAdder streams = new LongAdder();
    private final LongAdder malformed = new LongAdder();
    private final Map<Http2Abuse, LongAdder> abuses = new EnumMap<>(Http2Abuse.class);

    public Http2Counts() {
        for (Http2Abuse reason : Http2Abuse.values()) {
            abuses.put(reason, new LongAdder());
        }
    }

    /** Counts a connection. */
    public void connection() {
        connections.increment();
    }

    /** Counts a request. */
    public void stream() {
        streams.increment();
    }

    /** Counts a request that was reset. */
    public void malformed() {
        malformed.increment();
    }

    /** Counts a connection that was ended for a reason, or a stream. */
    public void abuse(Http2Abuse reason) {
        of(reason).increment();
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
        return of(reason).sum();
    }

    /** One that is there: all were put in at the beginning. */
    private LongAdder of(Http2Abuse reason) {
        return Objects.requireNonNull(abuses.get(reason));
    }
}
