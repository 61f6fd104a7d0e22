package dev.pointsman.pool;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Whether an upstream has stopped answering while its siblings go on: what ejection finds out by time-outs, after half a
 * minute, this finds out by comparison, after a request or two. Thread-safe; counts may be off by a few under contention,
 * which makes it a request earlier or later.
 *
 * <p>An upstream is stalled when {@value #UNANSWERED} attempts or more began on it without a sign of life, and its pool has
 * heard {@value #ROUNDS} answers for each of its upstreams since the first of them. A service that is slow as a whole has
 * no stalled upstream, nor has one that is alone in its pool. The head of any answer is a sign of life, and so is a
 * connection that breaks; a time-out and a client that leaves are none.
 *
 * <p>One that is stalled gets a trickle: one attempt after a second, the next after two more, and so on up to
 * {@link #LONGEST_PAUSE}. That is how it is found out if all it had was lost, and nothing more will ever come.
 */
final class Stall {
    static final int UNANSWERED = 2;
    static final int ROUNDS = 3;
    static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    private static final long NEVER_ASKED = Long.MIN_VALUE;

    private final PoolCounters pool;
    private final AtomicInteger unanswered = new AtomicInteger();
    private final AtomicLong trickleDue = new AtomicLong(NEVER_ASKED);
    private volatile int answersBefore;
    private volatile long pause = FIRST_PAUSE.toNanos();

    Stall(PoolCounters pool) {
        this.pool = pool;
    }

    /** An attempt begins. */
    void begun() {
        if (unanswered.getAndIncrement() == 0) {
            answersBefore = pool.answers.get();
        }
    }

    /** The upstream answers. */
    void answered() {
        pool.answers.incrementAndGet();
        signOfLife();
    }

    void signOfLife() {
        if (unanswered.get() != 0) {
            unanswered.set(0);
            trickleDue.set(NEVER_ASKED);
            pause = FIRST_PAUSE.toNanos();
        }
    }

    boolean isStalled() {
        int pickable = pool.pickable;
        return unanswered.get() >= UNANSWERED
                && pickable > 1
                && pool.answers.get() - answersBefore >= ROUNDS * pickable;
    }

    /** Whether one that is stalled is due for an attempt all the same. */
    boolean isTrickleDue(long now) {
        long due = trickleDue.get();
        if (due == NEVER_ASKED) {
            trickleDue.compareAndSet(NEVER_ASKED, now + pause);
            return false;
        }
        return now - due >= 0;
    }

    /** The attempt that was due begins. */
    void trickled(long now) {
        long longer = Math.min(2 * pause, LONGEST_PAUSE.toNanos());
        pause = longer;
        trickleDue.set(now + longer);
    }
}
