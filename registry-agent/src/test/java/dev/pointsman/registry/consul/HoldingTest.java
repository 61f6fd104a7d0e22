package dev.pointsman.registry.consul;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HoldingTest {
    private static final Duration HOLD = Duration.ofSeconds(30);
    private static final Duration MOMENT = Duration.ofMillis(1);

    private final TestTime time = new TestTime();
    private final Holding<String, Integer> holding = new Holding<>(HOLD, time);

    private static Map<String, Integer> listed(String... keys) {
        Map<String, Integer> map = new HashMap<>();
        for (String key : keys) {
            map.put(key, 1);
        }
        return map;
    }

    @Test
    void a_removal_is_believed_at_once() {
        holding.update(listed("a", "b"), false);
        holding.update(listed("b"), false);
        assertThat(holding.view()).containsOnlyKeys("b");
        assertThat(holding.held()).isEmpty();
    }

    @Test
    void an_empty_answer_is_believed_at_once() {
        holding.update(listed("a", "b"), false);
        holding.update(listed(), false);
        assertThat(holding.view()).isEmpty();
    }

    @Test
    void what_a_doubtful_answer_misses_is_held_until_its_time_is_over() {
        holding.update(listed("a", "b"), false);
        holding.update(listed("b", "c"), true);
        assertThat(holding.view()).containsOnlyKeys("a", "b", "c");
        assertThat(holding.held()).containsExactly("a");

        time.pass(HOLD.minus(MOMENT));
        holding.expire();
        assertThat(holding.view()).containsKey("a");
        assertThat(holding.untilExpiry()).isEqualTo(MOMENT);

        time.pass(MOMENT);
        holding.expire();
        assertThat(holding.view()).containsOnlyKeys("b", "c");
        assertThat(holding.held()).isEmpty();
        assertThat(holding.untilExpiry()).isNull();
    }

    @Test
    void what_is_held_stays_through_later_answers_that_still_miss_it() {
        holding.update(listed("a", "b"), false);
        holding.update(listed(), true);
        holding.update(listed("b"), false);
        assertThat(holding.held()).containsExactly("a");
        assertThat(holding.view()).containsOnlyKeys("a", "b");
    }

    @Test
    void what_is_listed_again_is_held_no_longer_and_its_next_removal_is_believed_at_once() {
        holding.update(listed("a", "b"), false);
        holding.update(listed(), true);
        holding.update(listed("a"), false);
        assertThat(holding.held()).containsExactly("b");
        holding.update(listed(), false);
        assertThat(holding.view()).containsOnlyKeys("b");
    }

    @Test
    void what_was_listed_after_the_restart_may_go_at_once() {
        holding.update(listed("a"), false);
        holding.update(listed("a", "b"), true);
        holding.update(listed("b"), false);
        assertThat(holding.view()).containsOnlyKeys("b");
    }

    @Test
    void a_second_doubtful_answer_does_not_hold_for_longer_what_is_held_already() {
        holding.update(listed("a", "b"), false);
        holding.update(listed("b"), true);
        time.pass(HOLD.dividedBy(2));
        holding.update(listed(), true);
        assertThat(holding.held()).containsExactlyInAnyOrder("a", "b");
        time.pass(HOLD.dividedBy(2));
        holding.expire();
        assertThat(holding.held()).containsExactly("b");
        assertThat(holding.untilExpiry()).isEqualTo(HOLD.dividedBy(2));
    }

    @Test
    void the_facts_of_what_is_held_are_the_last_known_and_those_of_what_is_listed_the_newest() {
        holding.update(Map.of("a", 1, "b", 1), false);
        holding.update(Map.of("a", 2, "b", 2), false);
        holding.update(Map.of("b", 3), true);
        assertThat(holding.view()).containsExactlyInAnyOrderEntriesOf(Map.of("a", 2, "b", 3));
    }

    @Test
    void a_doubtful_first_answer_holds_nothing() {
        holding.update(listed("a"), true);
        assertThat(holding.view()).containsOnlyKeys("a");
        assertThat(holding.held()).isEmpty();
    }

    @Test
    void a_time_of_zero_holds_nothing() {
        Holding<String, Integer> credulous = new Holding<>(Duration.ZERO, time);
        credulous.update(listed("a"), false);
        credulous.update(listed(), true);
        assertThat(credulous.view()).isEmpty();
    }
}
