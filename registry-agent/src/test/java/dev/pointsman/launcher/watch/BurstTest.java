package dev.pointsman.launcher.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class BurstTest {
    private static final long MILLI = 1_000_000;
    /** Near the point where nanoseconds turn negative, as they may on any machine. */
    private static final long START = Long.MAX_VALUE - 100 * MILLI;

    private final Burst burst = new Burst(Duration.ofMillis(200), Duration.ofSeconds(5));

    @Test
    void nothing_is_over_that_has_not_begun() {
        assertThat(burst.over(START)).isFalse();
        assertThat(burst.nanosLeft(START)).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void many_changes_are_one_once_it_is_quiet() {
        burst.changed(START);
        burst.changed(START + 150 * MILLI);

        assertThat(burst.over(START + 349 * MILLI)).isFalse();
        assertThat(burst.nanosLeft(START + 349 * MILLI)).isEqualTo(MILLI);
        assertThat(burst.over(START + 350 * MILLI)).isTrue();
        assertThat(burst.over(START + 350 * MILLI)).as("only once").isFalse();
    }

    @Test
    void one_that_never_ends_is_not_waited_for_for_ever() {
        for (int i = 0; i < 49; i++) {
            burst.changed(START + i * 100 * MILLI);
            assertThat(burst.over(START + i * 100 * MILLI)).isFalse();
        }

        burst.changed(START + 5000 * MILLI);

        assertThat(burst.over(START + 5000 * MILLI)).isTrue();
    }
}
