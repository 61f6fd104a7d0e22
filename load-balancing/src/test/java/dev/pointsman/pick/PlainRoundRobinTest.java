package dev.pointsman.pick;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PlainRoundRobinTest {
    @Test
    void each_request_goes_to_the_next_whatever_it_carries() {
        Picking picking = Picking.among(3, new PlainRoundRobin());
        picking.begin(1, 100);

        assertThat(picking.picks(7)).containsExactly("a0", "a1", "a2", "a0", "a1", "a2", "a0");
    }

    @Test
    void the_turn_goes_on_where_it_was_when_the_registry_has_news() {
        Picking picking = Picking.among(3, new PlainRoundRobin());
        picking.picks(2);

        picking.view(3);

        assertThat(picking.picks(2)).containsExactly("a2", "a0");
    }

    @Test
    void one_that_joins_has_the_next_turn() {
        Picking picking = Picking.among(3, new PlainRoundRobin());
        picking.picks(1);

        picking.view(4);

        assertThat(picking.picks(3)).containsExactly("a3", "a0", "a1");
    }
}
