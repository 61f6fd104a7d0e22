package dev.pointsman.balancer.loop;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CostlyTurnsTest {
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final List<Integer> done = new ArrayList<>();
    private long now = 1;
    private final CostlyTurns turns = new CostlyTurns(channel.eventLoop(), () -> now);

    private void add(int number, long millis) {
        turns.add(() -> {
            done.add(number);
            now += millis * 1_000_000;
        });
    }

    @Test
    void nothing_is_done_in_the_middle_of_a_turn() {
        add(1, 0);

        assertThat(done).isEmpty();
        channel.runScheduledPendingTasks();
        assertThat(done).containsExactly(1);
    }

    @Test
    void a_turn_does_what_fits_and_the_next_ones_the_rest_in_order() {
        for (int i = 1; i <= 6; i++) {
            add(i, 1);
        }

        turn();
        assertThat(done).containsExactly(1, 2);
        add(7, 1);
        turn();
        assertThat(done).containsExactly(1, 2, 3, 4);
        turn();
        turn();
        assertThat(done).containsExactly(1, 2, 3, 4, 5, 6, 7);
    }

    @Test
    void what_is_longer_than_a_share_has_a_turn_of_its_own() {
        add(1, 100);
        add(2, 100);

        turn();
        assertThat(done).containsExactly(1);
        turn();
        assertThat(done).containsExactly(1, 2);
    }

    @Test
    void what_fails_keeps_nothing_else_from_its_turn() {
        turns.add(() -> {
            throw new IllegalStateException("broken");
        });
        add(2, 0);

        turn();
        assertThat(done).containsExactly(2);
    }

    /** One turn of the loop: what is due by now, and nothing of what becomes due in it. */
    private void turn() {
        channel.runScheduledPendingTasks();
    }
}
