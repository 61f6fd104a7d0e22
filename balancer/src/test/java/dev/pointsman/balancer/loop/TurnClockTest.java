package dev.pointsman.balancer.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What time it is in a turn of an event loop. */
class TurnClockTest {
    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private final AtomicLong nanos = new AtomicLong(5);
    private final TurnClock clock = new TurnClock(tasks::add, nanos::get);

    @Test
    void it_is_the_same_time_all_through_a_turn_and_the_next_one_has_its_own() {
        assertThat(clock.getAsLong()).isEqualTo(5);
        nanos.set(7);
        assertThat(clock.getAsLong()).isEqualTo(5);

        tasks.remove().run();
        assertThat(clock.getAsLong()).isEqualTo(7);

        nanos.set(9);
        tasks.remove().run();
        assertThat(clock.getAsLong()).isEqualTo(9);
        assertThat(tasks).as("ends of turns that are waited for").hasSize(1);
    }
}
