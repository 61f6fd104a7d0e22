package dev.pointsman.pick;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.pool.Outcome;
import dev.pointsman.pool.PoolOptions;
import dev.pointsman.pool.RequestFacts;
import dev.pointsman.pool.Upstream;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WeightedRoundRobinTest {
    @Test
    void turns_go_by_weight_and_those_of_one_lie_apart() {
        assertThat(Picking.weighted(new WeightedRoundRobin(), 5, 1, 1).picks(7))
                .containsExactly("a0", "a1", "a0", "a0", "a0", "a2", "a0");
    }

    @Test
    void equal_ones_take_turns_in_order() {
        assertThat(Picking.weighted(new WeightedRoundRobin(), 4, 4, 4).picks(4))
                .containsExactly("a0", "a1", "a2", "a0");
    }

    @Test
    void in_any_stretch_everyone_has_had_its_share_but_for_a_turn_or_two() {
        int[] weights = {13, 7, 7, 3, 1, 1};
        List<String> picks = Picking.weighted(new WeightedRoundRobin(), weights).picks(32 * 4);

        for (int from = 0; from < 32; from++) {
            for (int length = 1; length <= 64; length++) {
                Map<String, Integer> counts = Picking.countsOf(picks.subList(from, from + length));
                for (int i = 0; i < weights.length; i++) {
                    double share = length * weights[i] / 32.0;
                    assertThat(counts.getOrDefault("a" + i, 0)).isBetween((int) (share - 1.99), (int) (share + 2));
                }
            }
        }
    }

    @Test
    void one_that_joins_has_the_next_turn() {
        Picking picking = Picking.weighted(new WeightedRoundRobin(), 5, 5);
        picking.picks(1);

        picking.weights(5, 5, 1);

        assertThat(picking.picks(1)).containsExactly("a2");
        assertThat(picking.counts(110)).containsEntry("a2", 10);
    }

    @Test
    void a_weight_that_changes_counts_from_the_next_request_on() {
        Picking picking = Picking.weighted(new WeightedRoundRobin(), 1, 1);
        assertThat(picking.counts(100)).containsEntry("a0", 50);

        picking.weights(3, 1);

        assertThat(picking.counts(100)).containsEntry("a0", 75);
    }

    @Test
    void a_round_of_turns_is_as_long_as_the_weights_without_what_they_have_in_common() {
        assertThat(turnsOf(50, 100, 150)).hasSize(6);
        assertThat(turnsOf(7)).hasSize(1);
        assertThat(turnsOf()).isEmpty();
    }

    @Test
    void weights_that_would_make_a_round_endless_are_rounded_but_leave_none_out() {
        Upstream[] turns = turnsOf(65_535, 65_534, 1);

        assertThat(turns).hasSizeBetween(8_000, 8_400);
        assertThat(List.of(turns).stream()
                        .filter(upstream -> upstream.weight() == 1)
                        .count())
                .isEqualTo(1);
        assertThat(List.of(turns).stream()
                        .filter(upstream -> upstream.weight() == 65_535)
                        .count())
                .isBetween(4_050L, 4_150L);
    }

    @Test
    void a_round_for_thousands_of_different_weights_stays_within_bounds() {
        int[] weights = IntStream.rangeClosed(1, 3_000).toArray();

        assertThat(turnsOf(weights).length).isBetween(40_000, 60_000);
    }

    @Test
    void one_that_hangs_is_passed_over_when_it_carries_its_share() {
        Picking picking = Picking.weighted(new WeightedRoundRobin(), 2, 1, 1);
        Upstream hung = picking.get(0);
        for (int i = 0; i < 200; i++) {
            Upstream picked = picking.pick(RequestFacts.NONE);
            var attempt = picked.begin();
            if (picked != hung) {
                attempt.end(Outcome.RESPONDED);
            }
        }

        assertThat(hung.picks()).isLessThanOrEqualTo(2);
    }

    private static Upstream[] turnsOf(int... weights) {
        Picking picking = new Picking(new WeightedRandom(1), PoolOptions.DEFAULT);
        picking.weights(weights);
        return SmoothOrder.of(picking.ready());
    }
}
