package dev.pointsman.canary;

import dev.pointsman.canary.AttemptCounts.Tally;
import dev.pointsman.latency.TimeBuckets;
import org.jspecify.annotations.Nullable;

/**
 * The comparison of a canary with the others, over and over for as long as it is one. Not thread-safe.
 *
 * <p><b>Errors.</b> The hypothesis that has to be refuted is "the canary's probability of an error is at most the others' plus
 * the margin", by {@link Chernoff#excess}: its bound holds for every number of requests, also where errors are rare, which is
 * where a z-test or Wilson's interval are wrong by orders of magnitude at the levels that repeated looks call for.
 *
 * <p><b>Times.</b> A mean or a rank test asks whether times differ; the question is about the slowest hundredth. The smallest
 * time is looked for that, by the same bound, at most 1 % of the others' requests exceed: then their 99th percentile is not
 * beyond it, whatever the distribution. The canary is slower if more than 1 % of its own exceed so many times that time, by the
 * same bound again, and {@value #LEAST_SLOWER_MICROS} microseconds more: less nobody notices. It has to be so in two windows in
 * a row, which do not overlap: every process is slow in its first seconds, whatever its version.
 *
 * <p><b>Repeated looks.</b> There is one each time that the canary, and the others, have had {@code samples} requests more.
 * Look number k may be wrong with a part of {@link #CHANCE} that is proportional to 1 / (k ln² k). The sum over all k is
 * finite: of canaries that are no worse than the margins allow, however long they run, at most one of 10,000 is aborted. A
 * window ends after {@link #LOOKS} looks, so that a canary that was well for days is noticed when it breaks; another one over
 * all of its life, looked at each time that it has doubled, finds what is too little to be seen in a window.
 */
final class CanaryJudge {
    /** The probability that a canary which is as good as the others is ever aborted: that of each test is a third of it. */
    static final double CHANCE = 1e-4;

    /** The fewest looks of a window. */
    static final int LOOKS = 8;

    static final long LEAST_SLOWER_MICROS = 5_000;

    /** Fewer requests of the others cannot show where their slowest hundredth begins. */
    private static final int LEAST_WINDOW = 1_600;

    private static final double SLOWEST = 0.01;
    private static final double TESTS = 3;

    /** The sum of 1 / (n ln² n) over all n from 2 on. */
    private static final double ALL_LOOKS = 2.1097;

    private final CanaryOptions options;
    private final int windowLooks;

    private Tally began;
    private Tally othersBegan;
    private Tally born;
    private Tally othersBorn;
    private int inWindow;
    private long looks;
    private long lifeLooks;
    private long nextLifeLook;
    private long lastExhausted;
    private boolean slowBefore;

    CanaryJudge(CanaryOptions options, Tally canary, Tally others) {
        this.options = options;
        this.windowLooks = Math.max(LOOKS, (LEAST_WINDOW + options.samples() - 1) / options.samples());
        this.began = canary;
        this.othersBegan = others;
        this.born = canary;
        this.othersBorn = others;
        this.nextLifeLook = 2L * windowLooks * options.samples();
    }

    /** Whether there may be enough for another look, or the canary has no instance left to have more requests. */
    boolean isDue(long attempts, long othersAttempts, boolean exhausted) {
        long enough = (long) options.samples() * (inWindow + 1);
        boolean enoughSamples =
                attempts - began.attempts() >= enough && othersAttempts - othersBegan.attempts() >= enough;
        return enoughSamples || (exhausted && attempts > Math.max(lastExhausted, began.attempts()));
    }

    /**
     * Looks at the counts so far.
     *
     * @param exhausted whether all of the canary's instances are ejected: then it is judged by what there is
     * @return why the canary is to be aborted, in one sentence; null if it is not
     */
    @Nullable
    String look(Tally canary, Tally others, boolean exhausted) {
        if (!isDue(canary.attempts(), others.attempts(), exhausted)) {
            return null;
        }
        lastExhausted = canary.attempts();
        double chance = chance(++looks);
        Tally own = canary.since(began);
        Tally theirs = others.since(othersBegan);
        String why = errors(own, theirs, chance);
        if (why == null) {
            why = slower(own, theirs, chance, canary, others);
        }
        if (why == null) {
            why = overItsLife(canary, others);
        }
        turn(canary, others);
        return why;
    }

    private void turn(Tally canary, Tally others) {
        long reached = Math.min(canary.attempts() - began.attempts(), others.attempts() - othersBegan.attempts());
        inWindow = (int) Math.min(windowLooks, reached / options.samples());
        if (inWindow >= windowLooks) {
            slowBefore = false;
            begin(canary, others);
        }
    }

    private void begin(Tally canary, Tally others) {
        began = canary;
        othersBegan = others;
        inWindow = 0;
    }

    /** The part of the chance that a look may use up. */
    private static double chance(long look) {
        double n = look + 1.0;
        return CHANCE / TESTS / (ALL_LOOKS * n * Math.pow(Math.log(n), 2));
    }

    private @Nullable String errors(Tally own, Tally theirs, double chance) {
        double evidence =
                Chernoff.excess(own.errors(), own.attempts(), theirs.errors(), theirs.attempts(), options.errors());
        return Chernoff.isExcess(evidence, chance)
                ? own.errorPercent() + " % of its " + own.attempts() + " requests failed or got a server error, of the"
                        + " others' " + theirs.attempts() + " " + theirs.errorPercent() + " %"
                : null;
    }

    private @Nullable String overItsLife(Tally canary, Tally others) {
        Tally own = canary.since(born);
        Tally theirs = others.since(othersBorn);
        if (Math.min(own.attempts(), theirs.attempts()) < nextLifeLook) {
            return null;
        }
        nextLifeLook *= 2;
        return errors(own, theirs, chance(++lifeLooks));
    }

    private @Nullable String slower(Tally own, Tally theirs, double chance, Tally canary, Tally others) {
        double evidence = -Math.log(chance / 2);
        int limit = slowestOf(theirs, evidence);
        if (limit < 0) {
            return null;
        }
        double micros = TimeBuckets.shortestMicros(limit);
        int slow = TimeBuckets.firstFrom(Math.max(micros * options.slower(), micros + LEAST_SLOWER_MICROS));
        long beyond = TimeBuckets.from(slow, own.times());
        if (Chernoff.above(beyond, own.timed(), SLOWEST) < evidence) {
            return null;
        }
        if (!slowBefore) {
            slowBefore = true;
            begin(canary, others);
            return null;
        }
        return "the slowest hundredth of its " + own.timed() + " requests took "
                + millis(own.percentile99()) + " or more to begin a response, that of the others' "
                + theirs.timed() + " " + millis(theirs.percentile99());
    }

    /** The first bucket that at most 1 % of the times reach, surely; -1 if there are too few to say so. */
    private static int slowestOf(Tally tally, double evidence) {
        long timed = tally.timed();
        long reaching = 0;
        int limit = -1;
        for (int bucket = TimeBuckets.COUNT - 1; bucket >= 0; bucket--) {
            reaching += tally.times()[bucket];
            if (Chernoff.below(reaching, timed, SLOWEST) < evidence) {
                return limit;
            }
            limit = bucket;
        }
        return limit;
    }

    private static String millis(long micros) {
        return micros < 10_000 ? Math.floor(micros / 100.0) / 10 + " ms" : micros / 1000 + " ms";
    }
}
