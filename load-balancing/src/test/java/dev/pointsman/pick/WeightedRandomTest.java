package dev.pointsman.pick;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class WeightedRandomTest {
    @Test
    void picks_are_in_proportion_to_the_weights() {
        Map<String, Integer> counts =
                Picking.weighted(new WeightedRandom(12345), 5, 3, 1, 1).counts(10_000);

        assertThat(counts.get("a0")).isBetween(4_850, 5_150);
        assertThat(counts.get("a1")).isBetween(2_850, 3_150);
        assertThat(counts.get("a2")).isBetween(900, 1_100);
        assertThat(counts.get("a3")).isBetween(900, 1_100);
    }

    @Test
    void the_same_seed_gives_the_same_picks_and_another_one_others() {
        List<String> picks = Picking.among(10, new WeightedRandom(1)).picks(50);

        assertThat(Picking.among(10, new WeightedRandom(1)).picks(50)).isEqualTo(picks);
        assertThat(Picking.among(10, new WeightedRandom(2)).picks(50)).isNotEqualTo(picks);
    }

    @Test
    void one_pick_says_nothing_about_the_next() {
        List<String> picks = Picking.among(4, new WeightedRandom(3)).picks(400);
        Set<String> pairs = new HashSet<>();
        for (int i = 1; i < picks.size(); i++) {
            pairs.add(picks.get(i - 1) + picks.get(i));
        }

        assertThat(pairs).hasSize(16);
    }
}
