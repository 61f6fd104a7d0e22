package dev.pointsman.balancer.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.balancer.route.HealthCheck;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class CheckHistoryTest {
    private static final Instant NOW = Instant.parse("2026-03-01T10:00:00.123Z");

    /** Three failures, two passes. */
    private final HealthCheck rule = new HealthCheck("/health");

    private final CheckHistory history = new CheckHistory();

    @Test
    void an_instance_counts_as_healthy_before_its_first_check() {
        assertThat(history.healthy()).isTrue();
        assertThat(history.reason()).isEmpty();
    }

    @Test
    void the_first_check_decides_alone() {
        assertThat(failed("answered 500")).isTrue();

        assertThat(history.healthy()).isFalse();
        assertThat(history.reason()).isEqualTo("GET /health answered 500 at 2026-03-01T10:00:00Z");
    }

    @Test
    void later_ones_make_it_critical_only_in_a_row() {
        passed();
        failed("answered 500");
        failed("answered 500");
        passed();
        failed("answered 500");
        assertThat(failed("answered 500")).isFalse();
        assertThat(history.healthy()).isTrue();

        assertThat(failed("answered 500")).isTrue();

        assertThat(history.healthy()).isFalse();
        assertThat(history.reason()).isEqualTo("GET /health answered 500 3 times, last at 2026-03-01T10:00:00Z");
    }

    @Test
    void two_in_a_row_are_said_as_twice() {
        HealthCheck two =
                new HealthCheck("/health", rule.interval(), rule.timeout(), 2, 2, rule.expected(), rule.host());
        history.note(CheckResult.passed("answered 200"), two, NOW);
        history.note(CheckResult.failed("answered 503"), two, NOW);
        history.note(CheckResult.failed("answered 503"), two, NOW);

        assertThat(history.reason()).isEqualTo("GET /health answered 503 twice, last at 2026-03-01T10:00:00Z");
    }

    @Test
    void failures_of_different_kinds_count_together_and_the_last_is_named() {
        passed();
        failed("answered 500");
        failed("answered 500");
        failed("did not answer within 2 s");

        assertThat(history.reason())
                .isEqualTo("GET /health failed 3 times, last at 2026-03-01T10:00:00Z: did not answer within 2 s");
    }

    @Test
    void while_it_is_critical_only_another_cause_is_news() {
        failed("answered 500");

        assertThat(failed("answered 500")).isFalse();
        assertThat(failed("answered 503")).isTrue();
        assertThat(history.reason()).contains("failed 3 times").endsWith("answered 503");
    }

    @Test
    void it_is_healthy_again_after_passes_in_a_row() {
        failed("answered 500");
        assertThat(passed()).isFalse();
        failed("answered 500");
        assertThat(passed()).isFalse();

        assertThat(passed()).isTrue();

        assertThat(history.healthy()).isTrue();
        assertThat(history.reason()).isEmpty();
    }

    private boolean passed() {
        return history.note(CheckResult.passed("answered 200"), rule, NOW);
    }

    private boolean failed(String what) {
        return history.note(CheckResult.failed(what), rule, NOW);
    }
}
