package dev.pointsman.pick;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class LeastInFlightTest {
    @Test
    void the_one_with_the_least_is_picked() {
        Picking picking = Picking.among(3, new LeastInFlight());
        picking.begin(0, 2);
        picking.begin(1, 1);
        picking.begin(2, 3);

        assertThat(picking.counts(10)).containsOnlyKeys("a1");
    }

    @Test
    void equal_ones_take_turns() {
        assertThat(Picking.among(3, new LeastInFlight()).picks(6)).containsExactly("a0", "a1", "a2", "a0", "a1", "a2");
    }

    @Test
    void the_neighbour_of_a_busy_one_does_not_get_its_turns_as_well() {
        Picking picking = Picking.among(4, new LeastInFlight());
        picking.begin(0, 10);

        assertThat(picking.counts(300)).containsOnlyKeys("a1", "a2", "a3").containsValue(100);
        assertThat(picking.counts(300).values()).containsOnly(100);
    }

    @Test
    void a_heavier_one_may_carry_more() {
        Picking picking = Picking.weighted(new LeastInFlight(), 3, 1);

        for (int i = 0; i < 40; i++) {
            picking.pick(dev.pointsman.pool.RequestFacts.NONE).begin();
        }

        assertThat(picking.get(0).inFlight()).isEqualTo(30);
        assertThat(picking.get(1).inFlight()).isEqualTo(10);
    }

    @Test
    void among_idle_ones_turns_go_by_weight() {
        Map<String, Integer> counts =
                Picking.weighted(new LeastInFlight(), 3, 1).counts(4_000);

        assertThat(counts.get("a0")).isBetween(2_950, 3_050);
    }
}
