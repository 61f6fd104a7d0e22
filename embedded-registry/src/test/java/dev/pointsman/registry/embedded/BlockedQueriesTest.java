package dev.pointsman.registry.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class BlockedQueriesTest {
    private static final Topic WEB = Topic.health("web");

    private final ManualTimers timers = new ManualTimers();
    private final BlockedQueries blocked = new BlockedQueries(timers, new SplittableRandom(1));
    private final List<String> responded = new ArrayList<>();

    private BlockedQueries.BlockedQuery park(String name, Topic topic, Duration wait) {
        return blocked.park(topic, wait, () -> responded.add(name));
    }

    @Test
    void a_change_ends_the_queries_that_wait_for_it_in_their_order_and_only_once() {
        park("a", WEB, Duration.ofSeconds(10));
        park("b", Topic.health("api"), Duration.ofSeconds(10));
        park("c", WEB, Duration.ofSeconds(10));

        blocked.wake(Set.of(WEB, Topic.CHECKS));
        blocked.wake(Set.of(WEB));

        assertThat(responded).containsExactly("a", "c");
        assertThat(blocked.size()).isEqualTo(1);
        assertThat(timers.pending()).isEqualTo(1);
    }

    @Test
    void without_a_change_the_response_comes_after_the_wait_and_at_most_a_sixteenth_more() {
        for (int i = 0; i < 200; i++) {
            park("a", WEB, Duration.ofSeconds(16));
        }

        timers.advance(Duration.ofMillis(15_999));
        assertThat(responded).isEmpty();
        timers.advance(Duration.ofMillis(501));
        assertThat(responded).isNotEmpty().hasSizeLessThan(200);
        timers.advance(Duration.ofMillis(500));
        assertThat(responded).hasSize(200);
    }

    @Test
    void the_wait_is_five_minutes_when_none_is_given_and_ten_at_most() {
        park("default", WEB, Duration.ZERO);
        park("endless", WEB, Duration.ofHours(3));

        timers.advance(Duration.ofMinutes(5).minusMillis(1));
        assertThat(responded).isEmpty();
        timers.advance(Duration.ofSeconds(20));
        assertThat(responded).containsExactly("default");
        timers.advance(Duration.ofMinutes(6));
        assertThat(responded).containsExactly("default", "endless");
    }

    @Test
    void a_key_wakes_the_queries_for_a_prefix_of_it_each_once() {
        park("prefix", Topic.keyPrefix("app/"), Duration.ofSeconds(9));
        park("key", Topic.key("app/a"), Duration.ofSeconds(9));
        park("other", Topic.keyPrefix("b"), Duration.ofSeconds(9));

        blocked.wake(Set.of(Topic.key("app/a"), Topic.key("app/b")));

        assertThat(responded).containsExactlyInAnyOrder("prefix", "key");
    }

    @Test
    void a_query_whose_client_went_away_is_forgotten_with_its_timer() {
        park("a", WEB, Duration.ofSeconds(9)).release();

        blocked.wake(Set.of(WEB));

        assertThat(responded).isEmpty();
        assertThat(blocked.size()).isZero();
        assertThat(timers.pending()).isZero();
    }

    @Test
    void stopping_ends_every_query_and_from_then_on_none_waits() {
        park("a", WEB, Duration.ofSeconds(9));
        park("b", Topic.CHECKS, Duration.ofSeconds(9));

        blocked.stop();
        park("late", WEB, Duration.ofSeconds(9));

        assertThat(responded).containsExactlyInAnyOrder("a", "b", "late");
        assertThat(timers.pending()).isZero();
    }
}
