package dev.pointsman.launcher.drain;

import java.time.Duration;

/**
 * Decides how to go on with one balancer that is asked the same again and again. Pure: no I/O, no clock. Confined to one
 * thread.
 */
final class Conversation {
    private static final Duration FIRST_PAUSE = Duration.ofMillis(20);
    private static final Duration LONGEST_PAUSE = Duration.ofMillis(100);
    private static final int TRIES = 3;

    private final long deadline;
    private Duration pause = FIRST_PAUSE;
    private int silences;

    /** How to go on. */
    sealed interface Step {}

    /** Ask again, after a pause. */
    record Again(Duration pause) implements Step {}

    /** It said what was to be heard. */
    record Done() implements Step {}

    /** It was asked for as long as was agreed. */
    record TooLate() implements Step {}

    /** It cannot be asked, so nothing is known but that time helps. */
    record Unknown(String why) implements Step {}

    /**
     * @param now a clock's reading in nanoseconds
     * @param bound how long to ask at most
     */
    Conversation(long now, Duration bound) {
        this.deadline = now + bound.toNanos();
    }

    /**
     * A reply came.
     *
     * @param satisfied whether an answer is the one that is waited for
     */
    Step heard(Reply reply, boolean satisfied, long now) {
        if (reply instanceof Reply.TooOld) {
            return new Unknown("is too old to be asked");
        }
        if (reply instanceof Reply.Silence silence) {
            silences++;
            return silences < TRIES ? new Again(LONGEST_PAUSE) : new Unknown("does not answer (" + silence.why() + ")");
        }
        silences = 0;
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
