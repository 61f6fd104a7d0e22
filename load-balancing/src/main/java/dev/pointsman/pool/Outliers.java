package dev.pointsman.pool;

import java.time.Duration;
import java.util.function.Supplier;

/**
 * The rules of outlier detection (passive health): when an upstream is ejected for how attempts at it ended, for how long,
 * and when it is readmitted. What is known of an upstream is in its {@link OutlierState}, the numbers are in
 * {@link OutlierOptions}.
 *
 * <p>All but {@link #isRelevant} is for the pool's writer alone.
 */
final class Outliers {
    enum Change {
        /** Nothing changes. */
        NONE,
        /** The upstream was ejected or readmitted. */
        PHASE,
        /** The upstream would be ejected, but too many others are; reported once until it responds again. */
        SUPPRESSED
    }

    private final OutlierOptions options;
    private final boolean off;
    private final int highestLevel;

    Outliers(OutlierOptions options) {
        this.options = options;
        this.off = options.connectFailures() == 0
                && options.failures() == 0
                && options.errorStatuses() == 0
                && options.errorRate().isOff();
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

    /** Whether an outcome has to be noted at all: mostly none has. For any thread. */
    boolean isRelevant(Attempt attempt, Outcome outcome) {
        OutlierState state = attempt.upstream().outlierState();
        if (off || attempt.epoch() != state.epoch()) {
            return false;
        }
        if (!outcome.isVerdict()) {
            return attempt.isProbe();
        }
        return countsAgainst(state, outcome) || state.inDoubt() || state.phase() != OutlierState.Ejection.NONE;
    }

    private boolean countsAgainst(OutlierState state, Outcome outcome) {
        return outcome.isFailure()
                || (outcome == Outcome.ERROR_STATUS && (options.errorStatuses() > 0 || state.byRate()));
    }

    /** Takes over what another pool knows of an upstream's instance, if upstreams are ejected here. */
    void inherit(OutlierState state, OutlierState known, long now) {
        if (!off) {
            state.inherit(known, now);
        }
    }

    /**
     * Notes how an attempt of its upstream's present epoch ended.
     *
     * @param share how much of the pool is ejected, asked when it matters
     */
    Change note(Attempt attempt, Outcome outcome, Supplier<EjectedShare> share, long now) {
        OutlierState state = attempt.upstream().outlierState();
        if (!outcome.isVerdict()) {
            if (attempt.isProbe()) {
                state.returnProbe(state.epoch());
            }
            return Change.NONE;
        }
        if (state.phase() == OutlierState.Ejection.NONE) {
            return noteAdmitted(state, outcome, share, now);
        }
        if (!countsAgainst(state, outcome)) {
            // A probe; or a request that was sent to it although it is ejected, as the pool fails open.
            state.readmit(now, "readmitted: it " + outcome.words());
            return Change.PHASE;
        }
        if (!attempt.isProbe()) {
            return Change.NONE;
        }
        eject(state, state.level(), "its probe failed: it " + outcome.words(), now);
        return Change.PHASE;
    }

    private Change noteAdmitted(OutlierState state, Outcome outcome, Supplier<EjectedShare> share, long now) {
        if (!countsAgainst(state, outcome)) {
            state.forgive();
            return Change.NONE;
        }
        state.count(outcome);
        String why = tooMany(state, outcome);
        if (why.isEmpty()) {
            return Change.NONE;
        }
        if (!share.get().hasRoom(options.maxPercent())) {
            return state.suppress() ? Change.SUPPRESSED : Change.NONE;
        }
        eject(state, levelAfterCalm(state, now), why, now);
        return Change.PHASE;
    }

    /**
     * Ejects an upstream that stands out by its rate of errors, if there is room.
     *
     * @param why in words that follow "ejected"
     */
    Change noteRate(OutlierState state, String why, EjectedShare share, long now) {
        if (!share.hasRoom(options.maxPercent())) {
            return state.suppressRate(true) ? Change.SUPPRESSED : Change.NONE;
        }
        state.byRate(true);
        eject(state, levelAfterCalm(state, now), why, now);
        return Change.PHASE;
    }

    /** Each span of the first time that passed without an ejection takes one doubling back. */
    private int levelAfterCalm(OutlierState state, long now) {
        if (state.level() == 0) {
            return 0;
        }
        long calm = (now - state.since()) / options.firstTime().toNanos();
        return (int) Math.max(0, state.level() - calm);
    }

    private String tooMany(OutlierState state, Outcome outcome) {
        if (reached(state.connectFailures(), options.connectFailures())) {
            return "it " + outcome.words() + times(state.connectFailures());
        }
        if (reached(state.failures(), options.failures())) {
            return state.failures() + " attempts in a row failed; in the last it " + outcome.words();
        }
        if (reached(state.errorStatuses(), options.errorStatuses())) {
            return "it " + outcome.words() + times(state.errorStatuses());
        }
        return "";
    }

    private static boolean reached(int count, int limit) {
        return limit > 0 && count >= limit;
    }

    private static String times(int count) {
        return count == 1 ? "" : ", " + count + " times in a row";
    }

    private void eject(OutlierState state, int levelBefore, String why, long now) {
        int level = Math.min(levelBefore + 1, highestLevel);
        Duration time = time(options, level);
        state.eject(level, now, now + time.toNanos(), "ejected for " + seconds(time) + ": " + why);
    }

    /** Lets probes decide on an ejected upstream if its time is over. */
    void release(OutlierState state, long now) {
        if (state.phase() == OutlierState.Ejection.EJECTED && now - state.until() >= 0) {
            state.probe(now, "its time is over: one request at a time decides whether it is readmitted");
        }
    }

    /** Lets probes decide on an ejected upstream before its time is over, as its checks pass again. */
    void releaseEarly(OutlierState state, long now) {
        if (state.phase() == OutlierState.Ejection.EJECTED) {
            state.probe(now, "its checks pass again: one request at a time decides whether it is readmitted");
        }
    }

    /** Ends an ejection because somebody says so; false if there was none. */
    boolean readmit(OutlierState state, String why, long now) {
        if (state.phase() == OutlierState.Ejection.NONE) {
            return false;
        }
        state.readmit(now, why);
        return true;
    }

    private static String seconds(Duration time) {
        return time.toMillis() % 1000 == 0 ? time.toSeconds() + " s" : time.toMillis() + " ms";
    }
}
