package dev.pointsman.launcher.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.launcher.plan.RestartRules;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RestartPolicyTest {
    @Test
    void the_first_time_it_is_at_once_and_then_100_ms_doubling_to_30_s() {
        RestartPolicy restarts = new RestartPolicy(-1, RestartRules.DEFAULT);
        List<Long> pauses = new ArrayList<>();
        for (int i = 0; i < 13; i++) {
            pauses.add(restarts.failed(Duration.ZERO).pause().toMillis());
        }
        assertThat(pauses)
                .containsExactly(
                        0L, 100L, 200L, 400L, 800L, 1_600L, 3_200L, 6_400L, 12_800L, 25_600L, 30_000L, 30_000L,
                        30_000L);
    }

    @Test
    void an_instance_that_was_up_for_30_s_begins_anew() {
        RestartPolicy restarts = new RestartPolicy(2, RestartRules.DEFAULT);
        restarts.failed(Duration.ZERO);
        restarts.failed(Duration.ofSeconds(29));
        assertThat(restarts.failed(Duration.ofSeconds(30))).isEqualTo(new RestartPolicy.Decision(false, Duration.ZERO));
        assertThat(restarts.failures()).isEqualTo(1);
    }

    @Test
    void after_the_last_one_it_is_given_up() {
        RestartPolicy restarts = new RestartPolicy(2, RestartRules.DEFAULT);
        assertThat(restarts.failed(Duration.ZERO).givesUp()).isFalse();
        assertThat(restarts.failed(Duration.ZERO).givesUp()).isFalse();
        assertThat(restarts.failed(Duration.ZERO).givesUp()).isTrue();
    }

    @Test
    void with_none_allowed_the_first_failure_is_the_last() {
        assertThat(new RestartPolicy(0, RestartRules.DEFAULT)
                        .failed(Duration.ZERO)
                        .givesUp())
                .isTrue();
    }

    @Test
    void without_a_limit_it_is_never_given_up() {
        RestartPolicy restarts = new RestartPolicy(-1, RestartRules.DEFAULT);
        for (int i = 0; i < 10_000; i++) {
            assertThat(restarts.failed(Duration.ZERO).givesUp()).isFalse();
        }
    }

    @Test
    void a_start_by_hand_gives_it_every_try_again() {
        RestartPolicy restarts = new RestartPolicy(1, RestartRules.DEFAULT);
        restarts.failed(Duration.ZERO);
        restarts.reset();
        assertThat(restarts.failed(Duration.ZERO).givesUp()).isFalse();
    }
}
