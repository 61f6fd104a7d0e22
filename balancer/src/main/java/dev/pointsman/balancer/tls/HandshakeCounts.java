package dev.pointsman.balancer.tls;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** Counts of handshakes with clients, of all event loops. Thread-safe. */
public final class HandshakeCounts {
    private final LongAdder done = new LongAdder();
    private final Map<HandshakeFailure, LongAdder> failed = new EnumMap<>(HandshakeFailure.class);

    /** Counts from zero. */
    public HandshakeCounts() {
        for (HandshakeFailure each : HandshakeFailure.values()) {
            failed.put(each, new LongAdder());
        }
    }

    void done() {
        done.increment();
    }

    void failed(HandshakeFailure why) {
        LongAdder count = failed.get(why);
        if (count != null) {
            count.increment();
        }
    }

    /** How many were completed, resumed ones included. */
    public long completed() {
        return done.sum();
    }

    /** How many failed, by the reason's word. */
    public Map<String, Long> failures() {
        Map<String, Long> counts = new LinkedHashMap<>();
        failed.forEach((why, count) -> counts.put(why.word(), count.sum()));
        return counts;
    }
}
