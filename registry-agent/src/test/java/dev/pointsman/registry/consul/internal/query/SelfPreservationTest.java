package dev.pointsman.registry.consul.internal.query;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.testkit.ManualTime;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SelfPreservationTest {
    private static final Duration RETAIN = Duration.ofSeconds(30);
    private static final Duration MOMENT = Duration.ofMillis(1);

    private final ManualTime time = new ManualTime();
    private final SelfPreservation<String, Integer> preservation =
            new SelfPreservation<>(RETAIN, value -> value < 0, time::nanos);

    private static Map<String, Integer> listed(String... keys) {
        Map<String, Integer> map = new HashMap<>();
        for (String key : keys) {
            map.put(key, 1);
        }
        return map;
    }

    @Test
    void a_removal_is_believed_at_once() {
        preservation.update(listed("a", "b"), null);
        preservation.update(listed("b"), null);
        assertThat(preservation.entries()).containsOnlyKeys("b");
        assertThat(preservation.retained()).isEmpty();
    }

    @Test
    void an_empty_response_is_believed_at_once() {
        preservation.update(listed("a", "b"), null);
        preservation.update(listed(), null);
        assertThat(preservation.entries()).isEmpty();
    }

    @Test
    void what_a_doubtful_response_misses_is_retained_until_its_time_is_over() {
        preservation.update(listed("a", "b"), null);
        preservation.update(listed("b", "c"), Doubt.LOST_STATE);
        assertThat(preservation.entries()).containsOnlyKeys("a", "b", "c");
        assertThat(preservation.retained()).containsExactly("a");

        time.pass(RETAIN.minus(MOMENT));
        preservation.expire();
        assertThat(preservation.entries()).containsKey("a");
        assertThat(preservation.untilExpiry()).isEqualTo(MOMENT);

        time.pass(MOMENT);
        preservation.expire();
        assertThat(preservation.entries()).containsOnlyKeys("b", "c");
        assertThat(preservation.retained()).isEmpty();
        assertThat(preservation.untilExpiry()).isNull();
    }

    @Test
    void what_is_retained_stays_through_later_responses_that_still_miss_it() {
        preservation.update(listed("a", "b"), null);
        preservation.update(listed(), Doubt.LOST_STATE);
        preservation.update(listed("b"), null);
        assertThat(preservation.retained()).containsExactly("a");
        assertThat(preservation.entries()).containsOnlyKeys("a", "b");
    }

    @Test
    void what_is_listed_again_is_retained_no_longer_and_its_next_removal_is_believed_at_once() {
        preservation.update(listed("a", "b"), null);
        preservation.update(listed(), Doubt.LOST_STATE);
        preservation.update(listed("a"), null);
        assertThat(preservation.retained()).containsExactly("b");
        preservation.update(listed(), null);
        assertThat(preservation.entries()).containsOnlyKeys("b");
    }

    @Test
    void what_was_listed_after_the_restart_may_go_at_once() {
        preservation.update(listed("a"), null);
        preservation.update(listed("a", "b"), Doubt.LOST_STATE);
        preservation.update(listed("b"), null);
        assertThat(preservation.entries()).containsOnlyKeys("b");
    }

    @Test
    void a_second_doubtful_response_does_not_retain_for_longer_what_is_retained_already() {
        preservation.update(listed("a", "b"), null);
        preservation.update(listed("b"), Doubt.LOST_STATE);
        time.pass(RETAIN.dividedBy(2));
        preservation.update(listed(), Doubt.LOST_STATE);
        assertThat(preservation.retained()).containsExactlyInAnyOrder("a", "b");
        time.pass(RETAIN.dividedBy(2));
        preservation.expire();
        assertThat(preservation.retained()).containsExactly("b");
        assertThat(preservation.untilExpiry()).isEqualTo(RETAIN.dividedBy(2));
    }

    @Test
    void the_facts_of_what_is_retained_are_the_last_known_and_those_of_what_is_listed_the_newest() {
        preservation.update(Map.of("a", 1, "b", 1), null);
        preservation.update(Map.of("a", 2, "b", 2), null);
        preservation.update(Map.of("b", 3), Doubt.LOST_STATE);
        assertThat(preservation.entries()).containsExactlyInAnyOrderEntriesOf(Map.of("a", 2, "b", 3));
    }

    @Test
    void a_doubtful_first_response_retains_nothing() {
        preservation.update(listed("a"), Doubt.LOST_STATE);
        assertThat(preservation.entries()).containsOnlyKeys("a");
        assertThat(preservation.retained()).isEmpty();
    }

    @Test
    void a_time_of_zero_holds_nothing() {
        SelfPreservation<String, Integer> credulous =
                new SelfPreservation<>(Duration.ZERO, value -> false, time::nanos);
        credulous.update(listed("a"), null);
        credulous.update(listed(), Doubt.LOST_STATE);
        assertThat(credulous.entries()).isEmpty();
    }

    @Test
    void what_a_server_missed_that_was_cut_off_is_gone_when_one_misses_it_that_is_not() {
        preservation.update(listed("a", "b"), null);
        preservation.update(listed("b"), Doubt.CUT_OFF);
        assertThat(preservation.retained()).containsExactly("a");
        preservation.update(listed("b"), null);
        assertThat(preservation.entries()).containsOnlyKeys("b");
    }

    @Test
    void what_was_leaving_anyhow_is_never_retained() {
        preservation.update(Map.of("a", -1, "b", 1), null);
        preservation.update(listed(), Doubt.LOST_STATE);
        assertThat(preservation.entries()).containsOnlyKeys("b");
    }

    @Test
    void what_is_dropped_is_gone() {
        preservation.update(listed("a", "b"), null);
        preservation.update(listed(), Doubt.LOST_STATE);
        assertThat(preservation.drop("a")).isTrue();
        assertThat(preservation.drop("a")).isFalse();
        assertThat(preservation.entries()).containsOnlyKeys("b");
    }
}
