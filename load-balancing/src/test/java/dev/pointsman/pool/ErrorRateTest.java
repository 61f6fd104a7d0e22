package dev.pointsman.pool;

import static dev.pointsman.pool.Instances.instance;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Ejection of upstreams whose requests end in errors more often than those of the others, though never many in a row. */
class ErrorRateTest {
    private static final long SEED = 20_261_127;

    private final Random random = new Random(SEED);

    /** One interval in which each upstream ends so many attempts, every nth of a0's in an error, then one more error of a0's. */
    private static void interval(PoolUnderTest pool, int size, int attempts, int nth, Outcome error) {
        for (int i = 1; i <= attempts; i++) {
            for (int u = 1; u < size; u++) {
                pool.attempts("a" + u, 1, Outcome.RESPONDED);
            }
            pool.attempts("a0", 1, i % nth == 0 ? error : Outcome.RESPONDED);
        }
        pool.time.passSeconds(5);
        pool.attempts("a0", 1, error);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 10})
    void one_that_fails_every_third_request_is_ejected_in_pools_of_any_size(int size) {
        PoolUnderTest pool = PoolUnderTest.of(size, PoolOptions.DEFAULT);

        interval(pool, size, 100, 3, Outcome.ERROR_STATUS);

        assertThat(pool.state("a0")).isEqualTo(Availability.EJECTED);
        assertThat(pool.ready()).hasSize(size - 1);
    }

    @Test
    void the_reason_has_both_rates() {
        PoolUnderTest three = PoolUnderTest.of(3, PoolOptions.DEFAULT);

        interval(three, 3, 99, 3, Outcome.ERROR_STATUS);

        assertThat(three.get("a0").why())
                .isEqualTo("ejected for 30 s: of its last 100 requests 34 % failed or got a server error,"
                        + " of the others' 0 %");
    }

    @ParameterizedTest
    @ValueSource(strings = {"BROKEN", "TIMED_OUT"})
    void failures_now_and_then_count_like_server_errors(Outcome failure) {
        PoolUnderTest three = PoolUnderTest.of(3, PoolOptions.DEFAULT);

        interval(three, 3, 100, 3, failure);

        assertThat(three.state("a0")).isEqualTo(Availability.EJECTED);
    }

    @Test
    void one_that_began_to_fail_after_an_hour_of_calm_is_found_within_two_intervals() {
        PoolUnderTest three = PoolUnderTest.of(3, PoolOptions.DEFAULT);
        for (String id : new String[] {"a0", "a1", "a2"}) {
            three.attempts(id, 10_000, Outcome.RESPONDED);
        }
        three.time.passSeconds(3600);
        three.attempts("a0", 1, Outcome.ERROR_STATUS);
        assertThat(three.state("a0")).isEqualTo(Availability.READY);

        interval(three, 3, 100, 3, Outcome.ERROR_STATUS);

        assertThat(three.state("a0")).isEqualTo(Availability.EJECTED);
    }

    @Test
    void where_requests_are_few_they_add_up_over_several_intervals() {
        PoolUnderTest three = PoolUnderTest.of(3, PoolOptions.DEFAULT);

        int intervals = 0;
        while (three.state("a0") == Availability.READY && intervals < 10) {
            interval(three, 3, 9, 3, Outcome.ERROR_STATUS);
            intervals++;
        }

        assertThat(three.state("a0")).isEqualTo(Availability.EJECTED);
        assertThat(intervals).isBetween(3, 5);
    }

    @Test
    void too_few_requests_say_nothing() {
        PoolUnderTest three = PoolUnderTest.of(3, PoolOptions.DEFAULT);
        for (int i = 0; i < 20; i++) {
            interval(three, 3, 3, 3, Outcome.ERROR_STATUS);
            three.time.passSeconds(30);
        }

        assertThat(three.ready()).hasSize(3);
    }

    @Test
    void a_few_percent_more_errors_than_the_others_are_no_reason() {
        PoolUnderTest three = PoolUnderTest.of(3, PoolOptions.DEFAULT);

        interval(three, 3, 10_000, 10, Outcome.ERROR_STATUS);

        assertThat(three.ready()).hasSize(3);
    }

    @ParameterizedTest
    @CsvSource({"2, 0.33", "3, 0.33", "10, 0.33", "3, 0.05", "10, 0.05", "3, 0.9", "10, 1"})
    void what_all_of_them_have_in_common_ejects_none_in_a_thousand_intervals(int size, double errors) {
        PoolUnderTest pool = PoolUnderTest.of(size, PoolOptions.DEFAULT);
        for (int i = 0; i < 1000; i++) {
            randomInterval(pool, size, 40, u -> errors);
        }

        assertThat(pool.pool.statistics().ejections()).isLessThanOrEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"2, 100", "3, 60", "10, 40"})
    void one_that_fails_a_third_at_random_is_found_within_a_few_intervals(int size, int attempts) {
        PoolUnderTest pool = PoolUnderTest.of(size, PoolOptions.DEFAULT);
        for (int i = 0; i < 4 && pool.state("a0") == Availability.READY; i++) {
            randomInterval(pool, size, attempts, u -> u == 0 ? 0.33 : 0.01);
        }

        assertThat(pool.state("a0")).isEqualTo(Availability.EJECTED);
        assertThat(pool.pool.statistics().ejections()).isEqualTo(1);
    }

    @Test
    void of_many_bad_ones_no_more_are_ejected_than_may_be_and_that_is_said_once() {
        PoolUnderTest four =
                PoolUnderTest.of(4, PoolOptions.DEFAULT.withOutliers(OutlierOptions.DEFAULT.withMaxPercent(25)));
        for (int i = 0; i < 5; i++) {
            randomInterval(four, 4, 400, u -> u < 2 ? 0.5 : 0);
        }

        assertThat(four.pool.statistics().ejections()).isEqualTo(1);
        assertThat(four.pool.statistics().suppressedEjections()).isEqualTo(1);
    }

    @Test
    void while_it_is_probed_a_server_error_ejects_it_again_for_longer() {
        PoolUnderTest three = PoolUnderTest.of(3, PoolOptions.DEFAULT);
        interval(three, 3, 100, 3, Outcome.ERROR_STATUS);
        three.time.passSeconds(30);

        Attempt probe = three.begin();
        assertThat(probe.upstream().key().id()).isEqualTo("a0");
        probe.end(Outcome.ERROR_STATUS);

        assertThat(three.get("a0").why()).startsWith("ejected for 60 s: its probe failed");
    }

    @Test
    void once_readmitted_it_is_not_ejected_for_what_was_before() {
        PoolUnderTest three = PoolUnderTest.of(3, PoolOptions.DEFAULT);
        interval(three, 3, 100, 3, Outcome.ERROR_STATUS);
        three.time.passSeconds(30);
        three.begin().end(Outcome.RESPONDED);
        assertThat(three.state("a0")).isEqualTo(Availability.READY);

        interval(three, 3, 100, 101, Outcome.ERROR_STATUS);

        assertThat(three.state("a0")).isEqualTo(Availability.READY);
    }

    @Test
    void one_that_goes_on_failing_after_it_was_readmitted_is_ejected_for_longer() {
        PoolUnderTest three = PoolUnderTest.of(3, PoolOptions.DEFAULT);
        interval(three, 3, 100, 3, Outcome.ERROR_STATUS);
        three.time.passSeconds(30);
        three.begin().end(Outcome.RESPONDED);

        interval(three, 3, 100, 3, Outcome.ERROR_STATUS);

        assertThat(three.get("a0").why()).startsWith("ejected for 60 s: of its last");
    }

    @Test
    void another_process_behind_the_same_instance_is_not_judged_by_the_old_one_s_errors() {
        PoolUnderTest three = PoolUnderTest.of(3, PoolOptions.DEFAULT);
        for (int i = 0; i < 50; i++) {
            three.attempts("a0", 1, Outcome.ERROR_STATUS);
            three.attempts("a1", 1, Outcome.RESPONDED);
        }
        three.view(instance("a0", 2000), instance("a1", 1001), instance("a2", 1002));
        three.time.passSeconds(5);
        three.attempts("a0", 1, Outcome.ERROR_STATUS);

        assertThat(three.ready()).hasSize(3);
    }

    @Test
    void it_can_be_turned_off() {
        PoolUnderTest three = PoolUnderTest.of(
                3, PoolOptions.DEFAULT.withOutliers(OutlierOptions.DEFAULT.withErrorRate(ErrorRateOptions.OFF)));

        interval(three, 3, 1000, 2, Outcome.ERROR_STATUS);

        assertThat(three.ready()).hasSize(3);
    }

    @Test
    void options_that_make_no_sense_are_refused_with_what_was_expected() {
        assertThatThrownBy(() -> new ErrorRateOptions(101, 30, Duration.ofSeconds(5)))
                .hasMessage("maxExcess: 101 (expected: 0 to 100)");
        assertThatThrownBy(() -> new ErrorRateOptions(15, 0, Duration.ofSeconds(5)))
                .hasMessage("attempts: 0 (expected: 1 or more)");
        assertThatThrownBy(() -> new ErrorRateOptions(15, 30, Duration.ZERO))
                .hasMessage("interval: PT0S (expected: 1 ms or more)");
    }

    /** One interval in which each upstream ends so many attempts, a share of them in errors. */
    private void randomInterval(PoolUnderTest pool, int size, int attempts, IntToDoubleFunction errors) {
        for (int u = 0; u < size; u++) {
            Upstream upstream = pool.get("a" + u);
            for (int i = 0; i < attempts && upstream.availability() == Availability.READY; i++) {
                boolean error = random.nextDouble() < errors.applyAsDouble(u);
                upstream.begin().end(error ? Outcome.ERROR_STATUS : Outcome.RESPONDED);
            }
        }
        pool.time.passSeconds(5);
        pool.attempts("a" + (size - 1), 1, Outcome.ERROR_STATUS);
    }
}
