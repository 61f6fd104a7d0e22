package dev.pointsman.pool;

import java.util.concurrent.atomic.AtomicBoolean;

/** One try of one request at one upstream: in flight from {@link Upstream#begin()} until it ends. Thread-safe. */
public final class Attempt {
    private final Upstream upstream;
    private final AtomicBoolean ended = new AtomicBoolean();

    Attempt(Upstream upstream) {
        this.upstream = upstream;
    }

    public Upstream upstream() {
        return upstream;
    }

    /** Ends the attempt. Only the first call counts, so that every way out of a request may safely call it. */
    public void end(Outcome outcome) {
        if (ended.compareAndSet(false, true)) {
            upstream.ended(outcome);
        }
    }
}
