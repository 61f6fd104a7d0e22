package dev.pointsman.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RestartsTest {
    @Test
    void the_first_time_it_is_at_once_and_then_100_ms_doubling_to_30_s() {
        Restarts restarts = new Restarts(-1);
        List<Long> pauses = new ArrayList<>();
        for (int i = 0; i < 13; i++) {
            pauses.add(restarts.ended(Duration.ZERO).pause().toMillis());
        }
        assertThat(pauses)
                .containsExactly(
                        0L, 100L, 200L, 400L, 800L, 1_600L, 3_200L, 6_400L, 12_800L, 25_600L, 30_000L, 30_000L,
                        30_000L);
    }

    @Test
    void whoever_was_well_for_30_s_begins_anew() {
        Restarts restarts = new Restarts(2);
        restarts.ended(Duration.ZERO);
        restarts.ended(Duration.ofSeconds(29));
        assertThat(restarts.ended(Duration.ofSeconds(30))).isEqualTo(new Restarts.Decision(false, Duration.ZERO));
        assertThat(restarts.row()).isEqualTo(1);
    }

    @Test
    void after_the_last_one_it_is_given_up() {
        Restarts restarts = new Restarts(2);
        assertThat(restarts.ended(Duration.ZERO).givesUp()).isFalse();
        assertThat(restarts.ended(Duration.ZERO).givesUp()).isFalse();
        assertThat(restarts.ended(Duration.ZERO).givesUp()).isTrue();
    }

    @Test
    void with_none_allowed_the_first_failure_is_the_last() {
        assertThat(new Restarts(0).ended(Duration.ZERO).givesUp()).isTrue();
    }

    @Test
    void without_a_limit_it_is_never_given_up() {
        Restarts restarts = new Restarts(-1);
        for (int i = 0; i < 10_000; i++) {
            assertThat(restarts.ended(Duration.ZERO).givesUp()).isFalse();
        }
    }

    @Test
    void somebody_who_starts_it_by_hand_gives_it_every_try_again() {
        Restarts restarts = new Restarts(1);
        restarts.ended(Duration.ZERO);
        restarts.reset();
        assertThat(restarts.ended(Duration.ZERO).givesUp()).isFalse();
    }
}
