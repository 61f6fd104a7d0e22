package dev.pointsman.pool;

import java.time.Duration;
import java.util.function.Supplier;

/**
 * Judges upstreams by how attempts at them end (passive health): when to eject, for how long, and when one is readmitted.
 * The rules alone: what is known of an upstream is in its {@link Standing}. See {@link OutlierOptions} for the numbers.
 *
 * <p>All but {@link #cares} is for the pool's writer alone.
 */
final class Outliers {
    enum Verdict {
        /** Nothing changes. */
        NONE,
        /** The standing is in another phase now. */
        MOVED,
        /** It would be ejected, but too many others are; said once until it answers again. */
        WITHHELD
    }

    private final OutlierOptions options;
    private final boolean off;
    private final int highestLevel;

    Outliers(OutlierOptions options) {
        this.options = options;
        this.off = options.connectFailures() == 0 && options.failures() == 0 && options.errorStatuses() == 0;
        this.highestLevel = highestLevel(options);
    }

    private static int highestLevel(OutlierOptions options) {
        int level = 1;
        while (time(options, level).compareTo(options.longestTime()) < 0) {
            level++;
        }
        return level;
    }

    private static Duration time(OutlierOptions options, int level) {
        Duration doubled = options.firstTime().multipliedBy(1L << (level - 1));
        return doubled.compareTo(options.longestTime()) < 0 ? doubled : options.longestTime();
    }

    /** Whether an outcome has to be noted at all: on most days none has. For any thread. */
    boolean cares(Standing standing, Outcome outcome, int term, boolean probe) {
        if (off || term != standing.term()) {
            return false;
        }
        if (outcome == Outcome.UNDECIDED) {
            return probe;
        }
        return speaksAgainst(outcome) || standing.inDoubt() || standing.phase() != Standing.Phase.IN;
    }

    private boolean speaksAgainst(Outcome outcome) {
        return outcome.isFailure() || (outcome == Outcome.ERROR_STATUS && options.errorStatuses() > 0);
    }

    /**
     * Notes how an attempt of the standing's present term ended.
     *
     * @param share how much of the pool is ejected, asked when it matters
     */
    Verdict note(Standing standing, Outcome outcome, boolean probe, Supplier<EjectedShare> share, long now) {
        if (outcome == Outcome.UNDECIDED) {
            if (probe) {
                standing.returnProbe(standing.term());
            }
            return Verdict.NONE;
        }
        if (standing.phase() == Standing.Phase.IN) {
            return noteIn(standing, outcome, share, now);
        }
        if (!speaksAgainst(outcome)) {
            // A probe; or a request that came by although it is out, because nothing else was there.
            standing.readmit(now, "readmitted: it " + outcome.words());
            return Verdict.MOVED;
        }
        if (!probe) {
            return Verdict.NONE;
        }
        eject(standing, standing.level(), "its probe failed: it " + outcome.words(), now);
        return Verdict.MOVED;
    }

    private Verdict noteIn(Standing standing, Outcome outcome, Supplier<EjectedShare> share, long now) {
        if (!speaksAgainst(outcome)) {
            standing.forgive();
            return Verdict.NONE;
        }
        standing.count(outcome);
        String why = tooMany(standing, outcome);
        if (why.isEmpty()) {
            return Verdict.NONE;
        }
        if (!share.get().hasRoom(options.maxPercent())) {
            return standing.withhold() ? Verdict.WITHHELD : Verdict.NONE;
        }
        eject(standing, levelAfterCalm(standing, now), why, now);
        return Verdict.MOVED;
    }

    /** Each first time that passed without an ejection takes one doubling back. */
    private int levelAfterCalm(Standing standing, long now) {
        if (standing.level() == 0) {
            return 0;
        }
        long calm = (now - standing.since()) / options.firstTime().toNanos();
        return (int) Math.max(0, standing.level() - calm);
    }

    private String tooMany(Standing standing, Outcome outcome) {
        if (reached(standing.connectFailures(), options.connectFailures())) {
            return "it " + outcome.words() + times(standing.connectFailures());
        }
        if (reached(standing.failures(), options.failures())) {
            return standing.failures() + " attempts in a row failed; in the last it " + outcome.words();
        }
        if (reached(standing.errorStatuses(), options.errorStatuses())) {
            return "it " + outcome.words() + times(standing.errorStatuses());
        }
        return "";
    }

    private static boolean reached(int count, int limit) {
        return limit > 0 && count >= limit;
    }

    private static String times(int count) {
        return count == 1 ? "" : ", " + count + " times in a row";
    }

    private void eject(Standing standing, int levelBefore, String why, long now) {
        int level = Math.min(levelBefore + 1, highestLevel);
        Duration time = time(options, level);
        standing.eject(level, now, now + time.toNanos(), "ejected for " + seconds(time) + ": " + why);
    }

    /** Lets an ejected one prove itself if its time is over. */
    boolean release(Standing standing, long now) {
        if (standing.phase() != Standing.Phase.OUT || now - standing.until() < 0) {
            return false;
        }
        standing.probe(now, "its time is over: one request at a time may prove that it works");
        return true;
    }

    /** Lets an ejected one prove itself before its time, as its registry found that it works again. */
    void releaseEarly(Standing standing, long now) {
        if (standing.phase() == Standing.Phase.OUT) {
            standing.probe(now, "its checks pass again: one request at a time may prove that it works");
        }
    }

    private static String seconds(Duration time) {
        return time.toMillis() % 1000 == 0 ? time.toSeconds() + " s" : time.toMillis() + " ms";
    }
}
