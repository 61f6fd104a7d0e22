package dev.pointsman.pool;

import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** One try of one request at one upstream: in flight from {@link Upstream#begin()} until it ends. Thread-safe. */
public final class Attempt {
    private final Upstream upstream;
    private final int epoch;
    private final boolean probe;
    private final AtomicBoolean ended = new AtomicBoolean();

    /** Set before the attempt is handed out, or never. */
    private @Nullable AttemptMeter meter;

    private long began;
    private boolean responded;

    /**
     * An attempt that has begun.
     *
     * @param epoch the upstream's epoch ({@link OutlierState}) when it began; it counts in this epoch only
     * @param probe whether the upstream's readmission depends on it
     */
    Attempt(Upstream upstream, int epoch, boolean probe) {
        this.upstream = upstream;
        this.epoch = epoch;
        this.probe = probe;
    }

    public Upstream upstream() {
        return upstream;
    }

    int epoch() {
        return epoch;
    }

    boolean isProbe() {
        return probe;
    }

    /** Has its time and its end counted. */
    void countedBy(AttemptMeter by) {
        meter = by;
        began = by.begin();
    }

    /**
     * Notes that the response's head has arrived. That is enough to readmit an upstream that was ejected, as some responses
     * never end.
     *
     * @param byHead {@link Outcome#ofStatus} of the head
     */
    public void responseBegan(Outcome byHead) {
        if (!ended.get()) {
            upstream.responseBegan(this, byHead);
            if (meter != null && !responded) {
                responded = true;
                meter.responseBegan(began);
            }
        }
    }

    /** Ends the attempt. Only the first call counts, so that every way out of a request may safely call it. */
    public void end(Outcome outcome) {
        if (ended.compareAndSet(false, true)) {
            upstream.ended(this, outcome);
            if (meter != null) {
                meter.ended(began, outcome, responded);
            }
        }
    }
}
