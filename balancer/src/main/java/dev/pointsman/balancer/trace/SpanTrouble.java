package dev.pointsman.balancer.trace;

import dev.pointsman.registry.OneLine;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is said about a collector that does not take spans: once when that begins, and once when it is over. Thread-safe. */
final class SpanTrouble {
    private static final Logger log = LoggerFactory.getLogger(SpanTrouble.class);

    private final String endpoint;
    private final SpanCounts counts;
    private final AtomicBoolean isOn = new AtomicBoolean();

    SpanTrouble(String endpoint, SpanCounts counts) {
        this.endpoint = OneLine.of(endpoint);
        this.counts = counts;
    }

    /** Notes that a span did not fit into the queue. */
    void dropped() {
        if (begins()) {
            log.warn("Traces: more spans than {} takes; those beyond the queue are dropped and counted", endpoint);
        }
        counts.addDropped();
    }

    /** Notes that spans were not taken. */
    void failed(int spans, String why) {
        if (begins()) {
            log.warn("Traces: {} does not take spans ({}); they are lost and counted until it does", endpoint, why);
        }
        counts.addFailed(spans);
    }

    /** Notes that spans were taken. */
    void exported(int spans) {
        counts.addExported(spans);
        if (isOn.get() && isOn.compareAndSet(true, false)) {
            log.info(
                    "Traces: {} takes spans again; {} were lost until now",
                    endpoint,
                    counts.dropped() + counts.failed());
        }
    }

    private boolean begins() {
        return !isOn.get() && isOn.compareAndSet(false, true);
    }
}
