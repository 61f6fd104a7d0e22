package dev.pointsman.pool;

import java.util.concurrent.atomic.AtomicBoolean;

/** One try of one request at one upstream: in flight from {@link Upstream#begin()} until it ends. Thread-safe. */
public final class Attempt {
    private final Upstream upstream;
    private final int term;
    private final boolean probe;
    private final AtomicBoolean ended = new AtomicBoolean();

    /**
     * An attempt that has begun.
     *
     * @param term the upstream's term ({@link Standing}) when it began; it is judged by attempts of the same term only
     * @param probe whether the upstream's readmission depends on it
     */
    Attempt(Upstream upstream, int term, boolean probe) {
        this.upstream = upstream;
        this.term = term;
        this.probe = probe;
    }

    public Upstream upstream() {
        return upstream;
    }

    /**
     * The answer's head is there. That is verdict enough on an upstream that was ejected, as some answers never end.
     *
     * @param byHead {@link Outcome#ofStatus} of the head
     */
    public void answering(Outcome byHead) {
        if (!ended.get()) {
            upstream.answering(byHead, term, probe);
        }
    }

    /** Ends the attempt. Only the first call counts, so that every way out of a request may safely call it. */
    public void end(Outcome outcome) {
        if (ended.compareAndSet(false, true)) {
            upstream.ended(outcome, term, probe);
        }
    }
}
