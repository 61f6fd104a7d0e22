package dev.pointsman.pool;

import static dev.pointsman.pool.Instances.instance;
import static dev.pointsman.pool.Instances.onNode;
import static dev.pointsman.pool.Instances.weighted;
import static dev.pointsman.pool.Instances.withMeta;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.registry.Health;
import dev.pointsman.registry.Instance;
import dev.pointsman.registry.Weights;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UpstreamTest {
    private final PoolCounters pool = new PoolCounters();
    private final Upstream upstream = upstream(instance("a", 8080), 0);

    @Test
    void an_attempt_is_in_flight_on_the_upstream_and_in_its_pool_until_it_ends() {
        Attempt attempt = upstream.begin();
        assertThat(upstream.inFlight()).isEqualTo(1);
        assertThat(pool.inFlight).hasValue(1);

        attempt.end(Outcome.RESPONDED);
        assertThat(upstream.inFlight()).isZero();
        assertThat(pool.inFlight).hasValue(0);
    }

    @Test
    void whatever_its_id_it_stands_in_a_log_as_one_short_line() {
        Upstream odd = upstream(onNode("n\u001b[31m", "a\n10:00:00 ERROR forged\u202e" + "x".repeat(10_000), 8080), 0);

        assertThat(odd.toString())
                .startsWith("n\\u001b[31m/a 10:00:00 ERROR forged\\u202ex")
                .endsWith(" at 127.0.0.1:8080")
                .hasSizeLessThan(300);
    }

    @Test
    void each_attempt_counts_as_a_pick_however_it_ends() {
        upstream.begin().end(Outcome.RESPONDED);
        upstream.begin().end(Outcome.BROKEN);
        upstream.begin();

        assertThat(upstream.picks()).isEqualTo(3);
    }

    @Test
    void only_an_attempt_without_a_complete_response_counts_as_a_failure() {
        upstream.begin().end(Outcome.RESPONDED);
        upstream.begin().end(Outcome.ERROR_STATUS);
        upstream.begin().end(Outcome.UNDECIDED);
        assertThat(upstream.failures()).isZero();

        upstream.begin().end(Outcome.BROKEN);
        upstream.begin().end(Outcome.TIMED_OUT);
        upstream.begin().end(Outcome.CONNECT_FAILED);
        assertThat(upstream.failures()).isEqualTo(3);
    }

    @Test
    void a_status_of_500_and_above_is_an_error_and_below_a_response() {
        assertThat(Outcome.ofStatus(499)).isEqualTo(Outcome.RESPONDED);
        assertThat(Outcome.ofStatus(500)).isEqualTo(Outcome.ERROR_STATUS);
        assertThat(Outcome.ofStatus(200)).isEqualTo(Outcome.RESPONDED);
    }

    @Test
    void there_is_room_up_to_the_limit_and_again_when_an_attempt_has_ended() {
        Upstream limited = upstream(instance("a", 1), 2);
        Attempt first = Objects.requireNonNull(limited.tryBegin());
        assertThat(limited.hasRoom()).isTrue();
        assertThat(limited.tryBegin()).isNotNull();

        assertThat(limited.hasRoom()).isFalse();
        assertThat(limited.tryBegin()).isNull();
        assertThat(limited.inFlight()).isEqualTo(2);

        first.end(Outcome.RESPONDED);
        assertThat(limited.hasRoom()).isTrue();
    }

    @Test
    void the_limit_does_not_keep_an_attempt_that_insists_from_beginning() {
        Upstream limited = upstream(instance("a", 1), 1);
        limited.begin();
        limited.begin();

        assertThat(limited.inFlight()).isEqualTo(2);
    }

    @Test
    void its_weight_is_consuls_for_its_health() {
        assertThat(upstream(weighted("a", 1, Health.PASSING, new Weights(7, 2)), 0)
                        .weight())
                .isEqualTo(7);
        assertThat(upstream(weighted("a", 1, Health.WARNING, new Weights(7, 2)), 0)
                        .weight())
                .isEqualTo(2);
    }

    @Test
    void while_it_is_critical_its_weight_is_what_it_has_when_it_passes() {
        assertThat(upstream(weighted("a", 1, Health.CRITICAL, new Weights(7, 2)), 0)
                        .weight())
                .isEqualTo(7);
    }

    @Test
    void a_weight_in_its_metadata_counts_instead() {
        assertThat(upstream(withMeta("a", 1, Map.of("weight", "40")), 0).weight())
                .isEqualTo(40);
        assertThat(upstream(withMeta("a", 1, Map.of("weight", "0")), 0).weight())
                .isZero();
        assertThat(upstream(withMeta("a", 1, Map.of("weight", "0")), 0).availability())
                .isEqualTo(Availability.WEIGHTLESS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-1", "1.5", "heavy", "65536", "99999999999", " 3"})
    void a_weight_in_its_metadata_that_is_none_does_not_count(String weight) {
        assertThat(upstream(withMeta("a", 1, Map.of("weight", weight)), 0).weight())
                .isEqualTo(1);
    }

    @Test
    void a_weight_in_its_metadata_does_not_bring_back_what_consul_took_out() {
        Instance warning = weighted("a", 1, Health.WARNING, new Weights(1, 0));
        Instance withOwn = new Instance(
                warning.key(),
                "svc",
                "127.0.0.1",
                1,
                List.of(),
                Map.of("weight", "5"),
                warning.weights(),
                Health.WARNING,
                "slow");

        assertThat(upstream(withOwn, 0).availability()).isEqualTo(Availability.WEIGHTLESS);
    }

    @Test
    void a_warm_one_takes_every_turn_and_a_cold_one_its_percentage_evenly_spread() {
        assertThat(turnsTaken(100)).isEqualTo(100);

        upstream.warm(25);
        assertThat(turnsTaken(100)).isEqualTo(25);
        assertThat(turnsTaken(8)).isEqualTo(2);
        upstream.warm(10);
        assertThat(turnsTaken(1000)).isEqualTo(100);
    }

    @Test
    void a_cold_one_takes_its_very_first_turn() {
        upstream.warm(10);

        assertThat(turnsTaken(1)).isEqualTo(1);
        assertThat(turnsTaken(9)).isZero();
        assertThat(turnsTaken(1)).isEqualTo(1);
    }

    @Test
    void an_upstream_that_left_is_gone_whatever_facts_it_is_given_later() {
        upstream.leave();
        upstream.take(instance("a", 8081), false);

        assertThat(upstream.availability()).isEqualTo(Availability.GONE);
    }

    @Test
    void it_names_itself_by_key_and_address() {
        assertThat(upstream).hasToString("n1/a at 127.0.0.1:8080");
    }

    private long turnsTaken(int turns) {
        return IntStream.range(0, turns).filter(turn -> upstream.takesTurn()).count();
    }

    private Upstream upstream(Instance instance, int limit) {
        return new Upstream(instance, false, pool, (attempt, outcome) -> {}, limit, () -> 0);
    }
}
