package dev.pointsman.pool;

import static dev.pointsman.pool.Instances.instance;
import static dev.pointsman.pool.Instances.withMeta;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pointsman.registry.Health;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EjectionTest {
    private final PoolUnderTest four = PoolUnderTest.of(4, PoolOptions.DEFAULT);

    @Test
    void one_failed_connection_ejects() {
        four.attempts("a0", 1, Outcome.CONNECT_FAILED);

        assertThat(four.state("a0")).isEqualTo(Availability.EJECTED);
        assertThat(four.ready()).containsExactly("a1", "a2", "a3");
    }

    @Test
    void a_pool_that_takes_the_place_of_another_goes_on_without_the_instances_that_it_had_ejected() {
        four.attempts("a0", 1, Outcome.CONNECT_FAILED);
        PoolUnderTest next = new PoolUnderTest(PoolOptions.DEFAULT, four.time);
        next.pool.inherit(EjectedInstances.of(List.of(four.pool)));
        next.view(instance("a0", 1000), instance("a1", 1001));

        assertThat(next.state("a0")).isEqualTo(Availability.EJECTED);
        assertThat(next.ready()).containsExactly("a1");
        assertThat(next.reasons("a0")).containsExactly("ejected for 30 s: it could not be reached");

        four.time.pass(OutlierOptions.DEFAULT.firstTime());
        assertThat(next.state("a0")).isEqualTo(Availability.PROBING);
    }

    @Test
    void what_another_pool_knew_of_an_earlier_process_or_of_one_that_comes_later_does_not_count() {
        four.attempts("a0", 1, Outcome.CONNECT_FAILED);
        four.attempts("a1", 1, Outcome.CONNECT_FAILED);
        PoolUnderTest next = new PoolUnderTest(PoolOptions.DEFAULT, four.time);
        next.pool.inherit(EjectedInstances.of(List.of(four.pool)));
        next.view(withMeta("a0", 1000, Map.of("started", "2100-01-01T00:00:00Z")));
        next.view(withMeta("a0", 1000, Map.of("started", "2100-01-01T00:00:00Z")), instance("a1", 1001));

        assertThat(next.ready()).containsExactly("a0", "a1");
    }

    @Test
    void an_instance_that_leaves_is_gone_as_it_is_not_listed_any_more() {
        four.view(instance("a1", 1001));

        assertThat(four.reasons("a0")).endsWith("it is not listed any more");
    }

    @Test
    void a_pool_that_ejects_none_inherits_no_ejection() {
        four.attempts("a0", 1, Outcome.CONNECT_FAILED);
        PoolUnderTest next = new PoolUnderTest(
                new PoolOptions(
                        OutlierOptions.OFF,
                        PoolOptions.DEFAULT.slowStart(),
                        PoolOptions.DEFAULT.maxInFlight(),
                        PoolOptions.DEFAULT.failOpen(),
                        PoolOptions.DEFAULT.passStalled()),
                four.time);
        next.pool.inherit(EjectedInstances.of(List.of(four.pool)));
        next.view(instance("a0", 1000));

        assertThat(next.ready()).containsExactly("a0");
    }

    @ParameterizedTest
    @EnumSource(names = {"BROKEN", "TIMED_OUT"})
    void five_failures_in_a_row_eject(Outcome failure) {
        four.attempts("a0", 4, failure);
        assertThat(four.state("a0")).isEqualTo(Availability.READY);

        four.attempts("a0", 1, failure);
        assertThat(four.state("a0")).isEqualTo(Availability.EJECTED);
    }

    @Test
    void a_response_in_between_starts_the_count_anew() {
        four.attempts("a0", 4, Outcome.BROKEN);
        four.attempts("a0", 1, Outcome.RESPONDED);
        four.attempts("a0", 4, Outcome.BROKEN);

        assertThat(four.state("a0")).isEqualTo(Availability.READY);
    }

    @Test
    void a_client_that_left_speaks_neither_for_nor_against() {
        four.attempts("a0", 4, Outcome.TIMED_OUT);
        four.attempts("a0", 10, Outcome.UNDECIDED);
        assertThat(four.state("a0")).isEqualTo(Availability.READY);

        four.attempts("a0", 1, Outcome.TIMED_OUT);
        assertThat(four.state("a0")).isEqualTo(Availability.EJECTED);
    }

    @Test
    void an_attempt_that_was_never_made_speaks_neither_for_nor_against() {
        four.attempts("a0", 4, Outcome.TIMED_OUT);
        four.attempts("a0", 100, Outcome.NOT_TRIED);
        assertThat(four.state("a0")).isEqualTo(Availability.READY);
        assertThat(four.get("a0").failures()).isEqualTo(4);

        four.attempts("a0", 1, Outcome.TIMED_OUT);
        assertThat(four.state("a0")).isEqualTo(Availability.EJECTED);
    }

    @Test
    void server_errors_are_responses_unless_they_are_asked_to_count() {
        four.attempts("a0", 100, Outcome.ERROR_STATUS);
        assertThat(four.state("a0")).isEqualTo(Availability.READY);

        PoolUnderTest strict =
                PoolUnderTest.of(4, PoolOptions.DEFAULT.withOutliers(OutlierOptions.DEFAULT.withErrorStatuses(3)));
        strict.attempts("a0", 2, Outcome.ERROR_STATUS);
        assertThat(strict.state("a0")).isEqualTo(Availability.READY);
        strict.attempts("a0", 1, Outcome.ERROR_STATUS);
        assertThat(strict.state("a0")).isEqualTo(Availability.EJECTED);
    }

    @Test
    void each_calm_half_minute_takes_a_doubling_back() {
        eject("a0");
        four.time.passSeconds(30);
        four.begin().end(Outcome.BROKEN);
        four.time.passSeconds(60);
        four.begin().end(Outcome.BROKEN);
        four.time.passSeconds(120);
        four.begin().end(Outcome.RESPONDED);

        four.time.passSeconds(60);
        eject("a0");

        assertThat(four.get("a0").why()).startsWith("ejected for 60 s");
    }

    @Test
    void no_more_than_half_of_a_pool_is_ejected() {
        four.attempts("a0", 1, Outcome.CONNECT_FAILED);
        four.attempts("a1", 1, Outcome.CONNECT_FAILED);
        four.attempts("a2", 3, Outcome.CONNECT_FAILED);

        assertThat(four.ready()).containsExactly("a2", "a3");
        assertThat(four.pool.statistics().ejections()).isEqualTo(2);
        assertThat(four.pool.statistics().suppressedEjections()).isEqualTo(1);
    }

    @Test
    void one_that_could_not_be_ejected_is_when_there_is_room_again() {
        four.attempts("a0", 1, Outcome.CONNECT_FAILED);
        four.attempts("a1", 1, Outcome.CONNECT_FAILED);
        four.attempts("a2", 1, Outcome.CONNECT_FAILED);
        four.time.passSeconds(30);
        four.begin().end(Outcome.RESPONDED);

        four.attempts("a2", 1, Outcome.CONNECT_FAILED);

        assertThat(four.state("a2")).isEqualTo(Availability.EJECTED);
    }

    @Test
    void the_half_is_of_those_that_the_registry_finds_well() {
        four.view(
                instance("a0", 1000),
                instance("a1", 1001),
                instance("a2", 1002, Health.CRITICAL, "down"),
                instance("a3", 1003, Health.MAINTENANCE, "upgrade"));
        four.attempts("a0", 1, Outcome.CONNECT_FAILED);
        four.attempts("a1", 1, Outcome.CONNECT_FAILED);

        assertThat(four.ready()).containsExactly("a1");
    }

    @Test
    void one_can_always_be_ejected_if_there_is_another() {
        PoolUnderTest three =
                PoolUnderTest.of(3, PoolOptions.DEFAULT.withOutliers(OutlierOptions.DEFAULT.withMaxPercent(10)));
        three.attempts("a0", 1, Outcome.CONNECT_FAILED);
        three.attempts("a1", 1, Outcome.CONNECT_FAILED);

        assertThat(three.ready()).containsExactly("a1", "a2");
    }

    @Test
    void the_only_one_is_never_ejected() {
        PoolUnderTest one = PoolUnderTest.of(1, PoolOptions.DEFAULT);
        one.attempts("a0", 100, Outcome.CONNECT_FAILED);

        assertThat(one.state("a0")).isEqualTo(Availability.READY);
        assertThat(one.pick()).isEqualTo("a0");
    }

    @Test
    void a_share_of_nothing_ejects_none() {
        PoolUnderTest none =
                PoolUnderTest.of(3, PoolOptions.DEFAULT.withOutliers(OutlierOptions.DEFAULT.withMaxPercent(0)));
        none.attempts("a0", 100, Outcome.CONNECT_FAILED);

        assertThat(none.state("a0")).isEqualTo(Availability.READY);
    }

    @Test
    void an_ejection_outlives_news_of_the_registry() {
        eject("a0");

        four.view(instance("a0", 1000, Health.WARNING, "slow"), instance("a1", 1001), instance("a9", 1009));

        assertThat(four.state("a0")).isEqualTo(Availability.EJECTED);
        four.time.passSeconds(30);
        assertThat(four.pick()).isEqualTo("a0");
    }

    @Test
    void an_instance_that_moved_is_not_judged_by_what_it_was() {
        eject("a0");
        four.view(instance("a0", 2000), instance("a1", 1001), instance("a2", 1002), instance("a3", 1003));

        assertThat(four.state("a0")).isEqualTo(Availability.READY);
        assertThat(four.ready()).hasSize(4);
    }

    @Test
    void an_instance_that_was_started_anew_at_its_old_address_is_not_judged_by_what_it_was() {
        four.view(withMeta("a0", 1000, Map.of("started", "2026-01-01T00:00:00Z")), instance("a1", 1001));
        eject("a0");

        four.view(withMeta("a0", 1000, Map.of("started", "2026-01-01T00:00:09Z")), instance("a1", 1001));

        assertThat(four.state("a0")).isEqualTo(Availability.READY);
    }

    @Test
    void without_outlier_options_none_is_ejected() {
        PoolUnderTest registryOnly = PoolUnderTest.of(4, PoolOptions.REGISTRY_ONLY);
        registryOnly.attempts("a0", 100, Outcome.CONNECT_FAILED);

        assertThat(registryOnly.ready()).hasSize(4);
    }

    @Test
    void each_change_is_said_once_with_its_reason() {
        four.attempts("a0", 7, Outcome.CONNECT_FAILED);
        four.time.passSeconds(30);
        four.pool.snapshot();
        four.pool.snapshot();
        four.begin().end(Outcome.BROKEN);
        four.time.passSeconds(60);
        four.begin().end(Outcome.RESPONDED);
        four.attempts("a0", 1, Outcome.RESPONDED);

        assertThat(four.said.stream()
                        .filter(change -> change.upstream().id().equals("a0"))
                        .map(StateChange::after))
                .containsExactly(
                        Availability.READY,
                        Availability.EJECTED,
                        Availability.PROBING,
                        Availability.EJECTED,
                        Availability.PROBING,
                        Availability.READY);
        assertThat(four.reasons("a0"))
                .containsExactly(
                        "",
                        "ejected for 30 s: it could not be reached",
                        "its time is over: one request at a time decides whether it is readmitted",
                        "ejected for 60 s: its probe failed: it broke off",
                        "its time is over: one request at a time decides whether it is readmitted",
                        "readmitted: it responded");
    }

    @Test
    void options_that_make_no_sense_are_refused_with_what_was_expected() {
        assertThatThrownBy(() -> OutlierOptions.DEFAULT.withMaxPercent(101))
                .hasMessage("maxPercent: 101 (expected: 0 to 100)");
        assertThatThrownBy(() -> OutlierOptions.DEFAULT.withTimes(Duration.ofSeconds(2), Duration.ofSeconds(1)))
                .hasMessage("longestTime: PT1S (expected: firstTime or more)");
        assertThatThrownBy(() -> OutlierOptions.DEFAULT.withErrorStatuses(-1))
                .hasMessage("errorStatuses: -1 (expected: 0 or more)");
        assertThatThrownBy(() -> PoolOptions.DEFAULT.withMaxInFlight(-1))
                .hasMessage("maxInFlight: -1 (expected: 0 or more)");
        assertThatThrownBy(() -> PoolOptions.DEFAULT.withSlowStart(Duration.ofSeconds(-1)))
                .hasMessage("slowStart: PT-1S (expected: 0 to a day)");
    }

    private void eject(String id) {
        four.attempts(id, 1, Outcome.CONNECT_FAILED);
        assertThat(four.state(id)).isEqualTo(Availability.EJECTED);
    }
}
