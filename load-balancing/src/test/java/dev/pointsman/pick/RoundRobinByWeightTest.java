package dev.pointsman.pick;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RoundRobinByWeightTest {
    @Test
    void equal_weights_take_turns() {
        assertThat(Picking.weighted(new RoundRobinByWeight(), 3, 3, 3).picks(6))
                .containsExactly("a0", "a1", "a2", "a0", "a1", "a2");
    }

    @Test
    void different_weights_count() {
        assertThat(Picking.weighted(new RoundRobinByWeight(), 5, 1, 1).picks(7))
                .containsExactlyElementsOf(
                        Picking.weighted(new WeightedRoundRobin(), 5, 1, 1).picks(7));
    }
}
