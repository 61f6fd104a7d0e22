package dev.pointsman.launcher.drain;

import java.time.Duration;

/**
 * The schedule for polling one balancer: when to ask it again, and when to stop. Pure: no I/O, no clock. Confined to one thread.
 */
final class PollSchedule {
    private static final Duration FIRST_PAUSE = Duration.ofMillis(20);
    private static final Duration LONGEST_PAUSE = Duration.ofMillis(100);
    private static final int TRIES = 3;

    private final long deadline;
    private Duration pause = FIRST_PAUSE;
    private int noReplies;

    /** The next step. */
    sealed interface PollStep {}

    /** The step to ask again, after a pause. */
    record Again(Duration pause) implements PollStep {}

    /** The end: the balancer has acknowledged. */
    record Done() implements PollStep {}

    /** The end: the balancer has not acknowledged within the bound. */
    record TooLate() implements PollStep {}

    /** The end: the balancer cannot be asked, so only waiting helps. */
    record Unknown(String why) implements PollStep {}

    /**
     * @param now a clock's reading in nanoseconds
     * @param bound how long to ask at most
     */
    PollSchedule(long now, Duration bound) {
        this.deadline = now + bound.toNanos();
    }

    /**
     * The step after an attempt.
     *
     * @param satisfied whether the reply is an acknowledgement
     */
    PollStep next(BalancerReply reply, boolean satisfied, long now) {
        if (reply instanceof BalancerReply.TooOld) {
            return new Unknown("is too old to be asked");
        }
        if (reply instanceof BalancerReply.NoReply noReply) {
            noReplies++;
            return noReplies < TRIES
                    ? new Again(LONGEST_PAUSE)
                    : new Unknown("does not respond (" + noReply.why() + ")");
        }
        noReplies = 0;
        if (satisfied) {
            return new Done();
        }
        if (now - deadline >= 0) {
            return new TooLate();
        }
        Again again = new Again(pause);
        Duration longer = pause.multipliedBy(3).dividedBy(2);
        pause = longer.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : longer;
        return again;
    }
}
