package dev.pointsman.balancer.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class SettledChangeTest {
    private final SettledChange<String> change = new SettledChange<>("a", Duration.ofNanos(10));

    @Test
    void what_stays_is_no_change() {
        assertThat(change.settled("a", 0)).isFalse();
        assertThat(change.settled("a", 100)).isFalse();
        assertThat(change.nanosLeft(100)).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void a_change_counts_once_when_it_has_been_at_rest_for_long_enough() {
        assertThat(change.settled("b", 5)).isFalse();
        assertThat(change.nanosLeft(8)).isEqualTo(7);
        assertThat(change.settled("b", 14)).isFalse();
        assertThat(change.settled("b", 15)).isTrue();
        assertThat(change.settled("b", 100)).isFalse();
    }

    @Test
    void what_is_still_being_written_is_waited_for() {
        assertThat(change.settled("b", 0)).isFalse();
        assertThat(change.settled("bc", 9)).isFalse();
        assertThat(change.settled("bc", 18)).isFalse();
        assertThat(change.settled("bc", 19)).isTrue();
    }

    @Test
    void what_is_taken_back_in_time_was_no_change() {
        assertThat(change.settled("b", 0)).isFalse();
        assertThat(change.settled("a", 5)).isFalse();
        assertThat(change.nanosLeft(5)).isEqualTo(Long.MAX_VALUE);
        assertThat(change.settled("b", 20)).isFalse();
        assertThat(change.settled("b", 30)).isTrue();
    }
}
