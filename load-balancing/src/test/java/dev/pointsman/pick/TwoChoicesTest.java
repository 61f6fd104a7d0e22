package dev.pointsman.pick;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.pool.RequestFacts;
import dev.pointsman.pool.Upstream;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TwoChoicesTest {
    @ParameterizedTest
    @ValueSource(strings = {"012", "021", "102", "120", "201", "210"})
    void the_lighter_of_two_wins_in_every_order(String loads) {
        Picking picking = loaded(loads);

        Map<String, Integer> counts = picking.counts(3_000);

        // Of three, two are drawn: the heaviest wins never, the lightest in two of three draws.
        assertThat(counts.getOrDefault("a" + loads.indexOf('2'), 0)).isZero();
        assertThat(counts.get("a" + loads.indexOf('1'))).isBetween(850, 1_150);
        assertThat(counts.get("a" + loads.indexOf('0'))).isBetween(1_850, 2_150);
    }

    @ParameterizedTest
    @ValueSource(strings = {"01", "10"})
    void of_two_the_lighter_wins_always(String loads) {
        assertThat(loaded(loads).counts(500)).containsOnlyKeys("a" + loads.indexOf('0'));
    }

    @Test
    void equal_ones_win_equally_often() {
        assertThat(Picking.among(2, new TwoChoices(7)).counts(4_000).values())
                .allSatisfy(count -> assertThat(count).isBetween(1_850, 2_150));
    }

    @Test
    void an_idle_pool_goes_by_weight() {
        Map<String, Integer> counts = Picking.weighted(new TwoChoices(7), 3, 1).counts(4_000);

        assertThat(counts.get("a0")).isBetween(2_850, 3_150);
    }

    @Test
    void a_heavier_one_may_carry_more() {
        Picking picking = Picking.weighted(new TwoChoices(7), 3, 1);
        picking.begin(0, 2);
        picking.begin(1, 1);

        assertThat(picking.counts(100)).containsOnlyKeys("a0");
    }

    @Test
    void when_all_but_one_of_many_were_tried_that_one_is_found() {
        Picking picking = Picking.among(50, new TwoChoices(7));
        for (int left = 0; left < 50; left++) {
            Set<Upstream> tried = new HashSet<>(picking.ready());
            tried.remove(picking.get(left));
            assertThat(picking.pick(List.copyOf(tried), RequestFacts.NONE)).isSameAs(picking.get(left));
        }
    }

    private static Picking loaded(String loads) {
        Picking picking = Picking.among(loads.length(), new TwoChoices(12345));
        for (int i = 0; i < loads.length(); i++) {
            picking.begin(i, 10 * (loads.charAt(i) - '0'));
        }
        return picking;
    }
}
