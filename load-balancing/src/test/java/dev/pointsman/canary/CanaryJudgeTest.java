package dev.pointsman.canary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.pointsman.canary.AttemptCounts.Tally;
import dev.pointsman.latency.TimeBuckets;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Trials of canaries by made-up requests, all from seeds. */
class CanaryJudgeTest {
    /** What the requests at instances of a version are like: times are log-normal, as those of services are about. */
    private static final class Behaviour {
        static final Behaviour USUAL = new Behaviour(0.01, 20);

        private static final int DRAWN = 1 << 14;
        private static final double SPREAD = 0.6;

        private final double errors;
        private final double medianMillis;
        private final int[] buckets = new int[DRAWN];

        private Behaviour(double errors, double medianMillis) {
            this.errors = errors;
            this.medianMillis = medianMillis;
            SplittableRandom random = new SplittableRandom(42);
            for (int i = 0; i < DRAWN; i++) {
                double millis = medianMillis * Math.exp(SPREAD * random.nextGaussian());
                buckets[i] = TimeBuckets.of((long) (millis * 1e6));
            }
        }

        Behaviour withErrors(double share) {
            return new Behaviour(share, medianMillis);
        }

        Behaviour slowedBy(double factor) {
            return new Behaviour(errors, medianMillis * factor);
        }

        void request(Counts into, SplittableRandom random) {
            into.attempts++;
            if (random.nextDouble() < errors) {
                into.errors++;
            }
            into.times[buckets[random.nextInt(DRAWN)]]++;
        }
    }

    private static final class Counts {
        long attempts;
        long errors;
        final long[] times = new long[TimeBuckets.COUNT];

        Tally tally() {
            return new Tally(attempts, errors, times.clone());
        }
    }

    /** A canary with a tenth of the requests. */
    private static final class Run {
        final Counts canary = new Counts();
        final Counts others = new Counts();
        final SplittableRandom random;
        final CanaryJudge judge = new CanaryJudge(CanaryOptions.DEFAULT, Tally.ZERO, Tally.ZERO);

        Run(long seed) {
            random = new SplittableRandom(seed);
        }

        /** Why it was aborted within so many requests of the canary; null if it was not. */
        @Nullable
        String abortedWithin(int requests, Behaviour ofCanary, Behaviour ofOthers) {
            for (int i = 0; i < requests; i++) {
                ofCanary.request(canary, random);
                for (int other = 0; other < 9; other++) {
                    ofOthers.request(others, random);
                }
                if (judge.isDue(canary.attempts, others.attempts, false)) {
                    String why = judge.look(canary.tally(), others.tally(), false);
                    if (why != null) {
                        return why;
                    }
                }
            }
            return null;
        }
    }

    /** By design at most one of 10,000 for as long as they run; here 1,000 canaries have 4,000 requests each. */
    @Test
    void of_a_thousand_canaries_that_are_like_the_others_none_is_aborted() {
        Behaviour flaky = Behaviour.USUAL.withErrors(0.05);
        for (int seed = 0; seed < 1000; seed++) {
            Behaviour both = seed % 2 == 0 ? Behaviour.USUAL : flaky;
            assertThat(new Run(seed).abortedWithin(4_000, both, both))
                    .as("seed " + seed)
                    .isNull();
        }
    }

    @Test
    void a_canary_within_the_margins_is_not_aborted() {
        Behaviour worse = Behaviour.USUAL.withErrors(0.02).slowedBy(1.7);
        for (int seed = 0; seed < 100; seed++) {
            assertThat(new Run(seed).abortedWithin(8_000, worse, Behaviour.USUAL))
                    .as("seed " + seed)
                    .isNull();
        }
    }

    @Test
    void a_canary_with_five_points_more_errors_is_aborted_within_3200_of_its_requests_and_mostly_within_1600() {
        Behaviour bad = Behaviour.USUAL.withErrors(0.06);
        int soon = 0;
        for (int seed = 0; seed < 100; seed++) {
            Run run = new Run(seed);
            String why = run.abortedWithin(3_200, bad, Behaviour.USUAL);
            assertThat(why)
                    .as("seed " + seed)
                    .matches(
                            "[0-9.]+ % of its [0-9]+ requests failed or got a server error, of the others' [0-9]+ [0-9.]+ %");
            soon += run.canary.attempts <= 1_600 ? 1 : 0;
        }
        assertThat(soon).isGreaterThan(90);
    }

    @Test
    void a_canary_that_fails_altogether_is_aborted_by_its_first_comparison() {
        assertThat(new Run(1).abortedWithin(200, Behaviour.USUAL.withErrors(1), Behaviour.USUAL))
                .startsWith("100.0 % of its 200 requests");
    }

    @Test
    void a_canary_that_was_well_for_long_and_breaks_is_aborted_soon() {
        Run run = new Run(7);
        assertThat(run.abortedWithin(10_100, Behaviour.USUAL, Behaviour.USUAL)).isNull();

        assertThat(run.abortedWithin(400, Behaviour.USUAL.withErrors(0.5), Behaviour.USUAL))
                .isNotNull();
    }

    @Test
    void a_little_more_than_the_margin_is_found_over_a_canary_s_life() {
        assertThat(new Run(3).abortedWithin(60_000, Behaviour.USUAL.withErrors(0.03), Behaviour.USUAL))
                .isNotNull();
    }

    @Test
    void a_canary_whose_slowest_take_four_times_as_long_is_aborted_within_1600_of_its_requests() {
        Behaviour slow = Behaviour.USUAL.slowedBy(4);
        for (int seed = 0; seed < 50; seed++) {
            String why = new Run(seed).abortedWithin(1_600, slow, Behaviour.USUAL);
            assertThat(why)
                    .as("seed " + seed)
                    .matches("the slowest hundredth of its [0-9]+ requests took [0-9.]+ ms or more to begin a response,"
                            + " that of the others' [0-9]+ [0-9.]+ ms");
        }
    }

    @Test
    void slow_first_seconds_abort_no_canary() {
        Run run = new Run(5);
        assertThat(run.abortedWithin(200, Behaviour.USUAL.slowedBy(10), Behaviour.USUAL))
                .isNull();
        assertThat(run.abortedWithin(5_000, Behaviour.USUAL, Behaviour.USUAL)).isNull();
    }

    @Test
    void times_that_nobody_notices_abort_no_canary() {
        Behaviour quick = new Behaviour(0, 0.2);

        assertThat(new Run(5).abortedWithin(5_000, quick.slowedBy(5), quick)).isNull();
    }

    @Test
    void a_canary_without_an_instance_left_is_judged_by_what_there_is() {
        CanaryJudge judge = new CanaryJudge(CanaryOptions.DEFAULT, Tally.ZERO, Tally.ZERO);
        Counts canary = new Counts();
        Counts others = new Counts();
        others.attempts = 400;
        canary.attempts = 6;
        canary.errors = 6;

        assertThat(judge.look(canary.tally(), others.tally(), false)).isNull();
        assertThat(judge.look(canary.tally(), others.tally(), true)).startsWith("100.0 % of its 6 requests");
    }

    @Test
    void one_restart_of_the_only_instance_of_a_canary_aborts_nothing() {
        CanaryJudge judge = new CanaryJudge(CanaryOptions.DEFAULT, Tally.ZERO, Tally.ZERO);
        Counts canary = new Counts();
        Counts others = new Counts();
        others.attempts = 4_000;
        canary.attempts = 150;
        canary.errors = 2;

        assertThat(judge.look(canary.tally(), others.tally(), true)).isNull();
    }

    @Test
    void the_evidence_is_what_exact_tails_allow() {
        // P(10 or more of 200 at 1 %) is 4.0e-5 by the binomial distribution; Chernoff's bound is above it, and not by
        // far.
        assertThat(Math.exp(-Chernoff.above(10, 200, 0.01))).isBetween(4.0e-5, 6e-4);
        assertThat(Chernoff.excess(10, 200, 10, 200, 0)).isZero();
        assertThat(Chernoff.excess(3, 200, 2, 200, 0.01)).isZero();
        // With others without end their share is known, and one binomial is left.
        assertThat(Chernoff.excess(30, 200, 10_000_000, 1_000_000_000, 0.01))
                .isCloseTo(Chernoff.above(30, 200, 0.02), within(0.05));
    }
}
