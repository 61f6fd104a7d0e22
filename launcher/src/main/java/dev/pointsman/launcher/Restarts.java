package dev.pointsman.launcher;

import java.time.Duration;

/**
 * Decides when an instance that ended unasked is started again: the first time at once, then after 100 ms, doubling to 30 s.
 * Whoever was well for 30 s begins anew. Pure: no clock. Confined to one thread.
 */
final class Restarts {
    static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
    static final Duration STEADY = Duration.ofSeconds(30);

    private final int most;
    private int row;

    /** @param most how many in a row; -1 for any number */
    Restarts(int most) {
        this.most = most;
    }

    /**
     * What to do.
     *
     * @param givesUp not start it again
     * @param pause else how long to wait before
     */
    record Decision(boolean givesUp, Duration pause) {}

    /** @param wellFor how long it was well; zero if it never was */
    Decision ended(Duration wellFor) {
        if (wellFor.compareTo(STEADY) >= 0) {
            row = 0;
        }
        row++;
        if (most >= 0 && row > most) {
            return new Decision(true, Duration.ZERO);
        }
        return new Decision(false, pause());
    }

    /** How many failures there were in a row. */
    int row() {
        return row;
    }

    /** Somebody said that it is to be tried again. */
    void reset() {
        row = 0;
    }

    private Duration pause() {
        if (row == 1) {
            return Duration.ZERO;
        }
        // 9 doublings of 100 ms are beyond the longest pause already.
        Duration doubled = FIRST_PAUSE.multipliedBy(1L << Math.min(row - 2, 9));
        return doubled.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : doubled;
    }
}
