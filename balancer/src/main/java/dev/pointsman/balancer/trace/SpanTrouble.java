package dev.pointsman.balancer.trace;

import dev.pointsman.registry.OneLine;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is said about a collector that does not take spans: once when that begins, and once when it is over; of one that takes some of
 * them and not all, once a minute. Thread-safe.
 */
final class SpanTrouble {
    private static final Logger log = LoggerFactory.getLogger(SpanTrouble.class);
    private static final long PAUSE = Duration.ofMinutes(1).toNanos();

    private final String endpoint;
    private final SpanCounts counts;
    private final LongSupplier nanos;
    private volatile boolean isOn;
    private boolean isSaid;
    private boolean wasEverSaid;
    private long saidAt;

    SpanTrouble(String endpoint, SpanCounts counts, LongSupplier nanos) {
        this.endpoint = OneLine.of(endpoint);
        this.counts = counts;
        this.nanos = nanos;
    }

    /** Notes that a span did not fit into the queue. */
    void dropped() {
        if (!isOn && begins()) {
            log.warn("Traces: more spans than {} takes; those beyond the queue are dropped and counted", endpoint);
        }
        counts.addDropped();
    }

    /** Notes that spans were not taken. */
    void failed(int spans, String why) {
        if (!isOn && begins()) {
            log.warn("Traces: {} does not take spans ({}); they are lost and counted until it does", endpoint, why);
        }
        counts.addFailed(spans);
    }

    /** Notes that spans were taken. */
    void exported(int spans) {
        counts.addExported(spans);
        if (isOn && ends()) {
            log.info(
                    "Traces: {} takes spans again; {} were lost until now",
                    endpoint,
                    counts.dropped() + counts.failed());
        }
    }

    /** Whether it is to be said that trouble begins. */
    private synchronized boolean begins() {
        long now = nanos.getAsLong();
        boolean says = !isOn && (!wasEverSaid || now - saidAt >= PAUSE);
        isOn = true;
        if (says) {
            isSaid = true;
            wasEverSaid = true;
            saidAt = now;
        }
        return says;
    }

    /** Whether it is to be said that trouble is over. */
    private synchronized boolean ends() {
        boolean says = isOn && isSaid;
        isOn = false;
        isSaid = false;
        return says;
    }
}
