package dev.pointsman.launcher.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class BurstTest {
    private static final long MILLI = 1_000_000;
    private final Burst burst = new Burst(Duration.ofMillis(200), Duration.ofSeconds(5));

    @Test
    void nothing_is_over_that_has_not_begun() {
        assertThat(burst.over(at(0))).isFalse();
        assertThat(burst.nanosLeft(at(0))).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void many_changes_are_one_once_it_is_quiet() {
        burst.changed(at(0));
        burst.changed(at(150));

        assertThat(burst.over(at(349))).isFalse();
        assertThat(burst.nanosLeft(at(349))).isEqualTo(MILLI);
        assertThat(burst.over(at(350))).isTrue();
        assertThat(burst.over(at(350))).as("only once").isFalse();
    }

    @Test
    void one_that_never_ends_is_not_waited_for_for_ever() {
        for (long i = 0; i < 49; i++) {
            burst.changed(at(i * 100));
            assertThat(burst.over(at(i * 100))).isFalse();
        }

        burst.changed(at(5000));

        assertThat(burst.over(at(5000))).isTrue();
    }

    /** Near the point where nanoseconds turn negative, as they may on any machine. */
    private static long at(long millis) {
        return Long.MAX_VALUE
                - Duration.ofMillis(100).toNanos()
                + Duration.ofMillis(millis).toNanos();
    }
}
