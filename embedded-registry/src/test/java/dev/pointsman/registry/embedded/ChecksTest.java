package dev.pointsman.registry.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ChecksTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final ManualTimers timers = new ManualTimers();
    private final Map<String, CheckStatus> statuses = new HashMap<>();
    private final List<String> outputs = new ArrayList<>();
    private final List<String> abandoned = new ArrayList<>();
    private final List<Consumer<Prober.ProbeResult>> probes = new ArrayList<>();
    private final Checks checks = new Checks(
            new Checks.CheckedAgent() {
                @Override
                public @Nullable CheckStatus status(String checkId) {
                    return statuses.get(checkId);
                }

                @Override
                public void report(String checkId, CheckStatus status, String output) {
                    statuses.put(checkId, status);
                    outputs.add(output);
                }

                @Override
                public void abandon(String serviceId, String checkId) {
                    abandoned.add(serviceId);
                    checks().stop(checkId);
                }
            },
            (check, done) -> probes.add(done),
            timers,
            new SplittableRandom(7),
            Duration.ofMinutes(1),
            SECOND);

    private Checks checks() {
        return checks;
    }

    private void start(CheckDefinition check, CheckStatus status) {
        statuses.put(check.id(), status);
        checks.start(check);
    }

    private void finishProbe(CheckStatus status) {
        probes.remove(0).accept(new Prober.ProbeResult(status, status.wire()));
    }

    @Test
    void the_first_run_comes_somewhere_in_the_first_interval_and_the_next_an_interval_after_its_end() {
        start(Samples.http("c", SECOND.multipliedBy(10)), CheckStatus.CRITICAL);

        timers.advance(SECOND.multipliedBy(10));
        assertThat(probes).hasSize(1);
        timers.advance(SECOND.multipliedBy(60));
        assertThat(probes).as("a run that does not end is not run twice").hasSize(1);

        finishProbe(CheckStatus.PASSING);
        assertThat(statuses).containsEntry("c", CheckStatus.PASSING);
        timers.advance(SECOND.multipliedBy(10).minusMillis(1));
        assertThat(probes).isEmpty();
        timers.advance(Duration.ofMillis(1));
        assertThat(probes).hasSize(1);
    }

    @Test
    void first_runs_are_spread() {
        for (int i = 0; i < 50; i++) {
            start(Samples.http("c" + i, SECOND.multipliedBy(10)), CheckStatus.CRITICAL);
        }

        timers.advance(SECOND.multipliedBy(5));

        assertThat(probes).hasSizeBetween(10, 40);
    }

    @Test
    void an_interval_below_a_second_is_raised_to_one() {
        start(Samples.http("c", Duration.ofMillis(10)), CheckStatus.CRITICAL);
        timers.advance(SECOND);
        finishProbe(CheckStatus.PASSING);

        timers.advance(Duration.ofMillis(999));
        assertThat(probes).isEmpty();
    }

    @Test
    void thresholds_count_results_in_a_row() {
        start(Samples.http("c", SECOND, 3, 2), CheckStatus.PASSING);
        List<CheckStatus> seen = new ArrayList<>();
        for (CheckStatus result : List.of(
                CheckStatus.CRITICAL,
                CheckStatus.CRITICAL,
                CheckStatus.PASSING,
                CheckStatus.CRITICAL,
                CheckStatus.CRITICAL,
                CheckStatus.CRITICAL,
                CheckStatus.PASSING,
                CheckStatus.WARNING)) {
            timers.advance(SECOND);
            finishProbe(result);
            seen.add(statuses.get("c"));
        }

        assertThat(seen)
                .containsExactly(
                        CheckStatus.PASSING,
                        CheckStatus.PASSING,
                        CheckStatus.PASSING,
                        CheckStatus.PASSING,
                        CheckStatus.PASSING,
                        CheckStatus.CRITICAL,
                        CheckStatus.CRITICAL,
                        CheckStatus.WARNING);
    }

    @Test
    void a_ttl_expires_unless_it_is_renewed_and_comes_back_with_the_next_heartbeat() {
        start(Samples.ttl("c", "web", SECOND.multipliedBy(10)), CheckStatus.PASSING);

        timers.advance(SECOND.multipliedBy(9));
        assertThat(checks.heartbeat("c", CheckStatus.PASSING, "fine")).isTrue();
        timers.advance(SECOND.multipliedBy(9));
        assertThat(statuses).containsEntry("c", CheckStatus.PASSING);
        timers.advance(SECOND);
        assertThat(statuses).containsEntry("c", CheckStatus.CRITICAL);
        assertThat(outputs).last().isEqualTo("TTL expired");

        assertThat(checks.heartbeat("c", CheckStatus.WARNING, "slow")).isTrue();
        assertThat(statuses).containsEntry("c", CheckStatus.WARNING);
    }

    @Test
    void only_ttl_checks_have_a_heart() {
        start(Samples.http("c", SECOND), CheckStatus.CRITICAL);

        assertThat(checks.heartbeat("c", CheckStatus.PASSING, "")).isFalse();
        assertThat(checks.heartbeat("unknown", CheckStatus.PASSING, "")).isFalse();
    }

    @Test
    void a_service_is_given_up_when_its_check_stays_critical_too_long_but_not_before_a_minute() {
        start(Samples.abandoned("c", "web", SECOND.multipliedBy(5), SECOND), CheckStatus.PASSING);

        timers.advance(SECOND.multipliedBy(5 + 59));
        assertThat(abandoned).isEmpty();
        timers.advance(SECOND);

        assertThat(abandoned).containsExactly("web");
        assertThat(timers.pending()).isZero();
    }

    @Test
    void a_check_that_recovers_in_time_saves_its_service_and_starts_from_the_beginning_next_time() {
        start(Samples.abandoned("c", "web", SECOND.multipliedBy(1000), SECOND.multipliedBy(90)), CheckStatus.CRITICAL);

        timers.advance(SECOND.multipliedBy(80));
        checks.heartbeat("c", CheckStatus.PASSING, "");
        timers.advance(SECOND.multipliedBy(20));
        checks.heartbeat("c", CheckStatus.CRITICAL, "");
        timers.advance(SECOND.multipliedBy(80));
        assertThat(abandoned).isEmpty();
        timers.advance(SECOND.multipliedBy(10));

        assertThat(abandoned).containsExactly("web");
    }

    @Test
    void starting_the_same_http_check_again_does_not_keep_it_from_running() {
        CheckDefinition check = Samples.http("c", SECOND.multipliedBy(10));
        start(check, CheckStatus.CRITICAL);
        for (int i = 0; i < 20; i++) {
            timers.advance(Duration.ofMillis(500));
            checks.start(Samples.http("c", SECOND.multipliedBy(10)));
        }

        assertThat(probes).hasSize(1);
    }

    @Test
    void a_check_that_was_stopped_while_it_ran_reports_nothing_and_does_not_run_again() {
        start(Samples.http("c", SECOND), CheckStatus.PASSING);
        timers.advance(SECOND);
        checks.stop("c");

        finishProbe(CheckStatus.CRITICAL);
        timers.advance(SECOND.multipliedBy(10));

        assertThat(statuses).containsEntry("c", CheckStatus.PASSING);
        assertThat(probes).isEmpty();
        assertThat(timers.pending()).isZero();
    }
}
