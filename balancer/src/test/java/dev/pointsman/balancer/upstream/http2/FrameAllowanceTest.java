package dev.pointsman.balancer.upstream.http2;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class FrameAllowanceTest {
    private static final long LATER = Duration.ofSeconds(31).toNanos();

    private final FrameAllowance allowance = new FrameAllowance(0);

    private boolean others(int count, long now) {
        boolean exceeded = false;
        for (int i = 0; i < count; i++) {
            exceeded = allowance.isExceeded(now);
        }
        return exceeded;
    }

    @Test
    void some_are_in_order_and_the_next_is_too_many() {
        assertThat(others(FrameAllowance.MOST_OTHERS, 1)).isFalse();
        assertThat(others(1, 1)).isTrue();
    }

    @Test
    void each_frame_of_a_message_allows_for_four_more_and_so_does_each_16_kib_that_will_be_one() {
        allowance.message(0);
        allowance.message(64 * 1024);

        assertThat(others(FrameAllowance.MOST_OTHERS + 24, 1)).isFalse();
        assertThat(others(1, 1)).isTrue();
    }

    @Test
    void settings_are_fewer() {
        boolean exceeded = false;
        for (int i = 0; i < FrameAllowance.MOST_SETTINGS; i++) {
            exceeded = allowance.isExceededBySettings(1);
        }

        assertThat(exceeded).isFalse();
        assertThat(allowance.isExceededBySettings(1)).isTrue();
    }

    @Test
    void after_a_while_it_begins_anew() {
        assertThat(others(FrameAllowance.MOST_OTHERS, 1)).isFalse();

        assertThat(others(FrameAllowance.MOST_OTHERS, LATER)).isFalse();
        assertThat(others(1, LATER)).isTrue();
    }
}
