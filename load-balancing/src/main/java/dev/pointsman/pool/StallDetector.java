package dev.pointsman.pool;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Detects that an upstream has stopped responding while its siblings go on: what ejection finds out by time-outs, after half
 * a minute, this finds out by comparison, after a request or two. Thread-safe; counts may be off by a few under contention,
 * which makes it a request earlier or later.
 *
 * <p>An upstream is stalled when {@value #WITHOUT_SIGN} attempts or more began on it without a sign of life, and its pool has
 * received {@value #ROUNDS} responses for each of its upstreams since the first of them. A service that is slow as a whole
 * has no stalled upstream, and an upstream alone in its pool is never stalled. The head of any response is a sign of
 * life, and so is a connection that breaks; a time-out and a client that leaves are none.
 *
 * <p>A stalled upstream gets a trial now and then: one attempt after a second, the next after two more, and so on up to
 * {@link #LONGEST_PAUSE}. Without it, an upstream that merely lost the requests it had would never be found well again. (A
 * trial is not a probe: a probe decides whether an ejected upstream is readmitted, see {@link OutlierState}.)
 */
final class StallDetector {
    static final int WITHOUT_SIGN = 2;
    static final int ROUNDS = 3;
    static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    private static final long NEVER_ASKED = Long.MIN_VALUE;

    private final PoolCounters pool;
    private final AtomicInteger withoutSign = new AtomicInteger();
    private final AtomicLong trialDue = new AtomicLong(NEVER_ASKED);
    private volatile int responsesBefore;
    private volatile long pause = FIRST_PAUSE.toNanos();

    StallDetector(PoolCounters pool) {
        this.pool = pool;
    }

    /** Notes that an attempt begins. */
    void attemptBegan() {
        if (withoutSign.getAndIncrement() == 0) {
            responsesBefore = pool.responses.get();
        }
    }

    /** Notes that an attempt that had begun never got as far as the upstream. */
    void attemptTakenBack() {
        withoutSign.updateAndGet(count -> Math.max(0, count - 1));
    }

    /** Notes that the upstream responds. */
    void responseBegan() {
        pool.responses.incrementAndGet();
        signOfLife();
    }

    void signOfLife() {
        if (withoutSign.get() != 0) {
            withoutSign.set(0);
            // Nearly always so: not to be written again, as each write has other loops fetch it again.
            if (trialDue.get() != NEVER_ASKED) {
                trialDue.set(NEVER_ASKED);
                pause = FIRST_PAUSE.toNanos();
            }
        }
    }

    boolean isStalled() {
        int pickable = pool.pickable;
        return withoutSign.get() >= WITHOUT_SIGN
                && pickable > 1
                && pool.responses.get() - responsesBefore >= ROUNDS * pickable;
    }

    /** Whether a stalled upstream is due for an attempt all the same. */
    boolean isTrialDue(long now) {
        long due = trialDue.get();
        if (due == NEVER_ASKED) {
            trialDue.compareAndSet(NEVER_ASKED, now + pause);
            return false;
        }
        return now - due >= 0;
    }

    /** Notes that the attempt that was due begins. */
    void trialBegan(long now) {
        long longer = Math.min(2 * pause, LONGEST_PAUSE.toNanos());
        pause = longer;
        trialDue.set(now + longer);
    }
}
