package dev.pointsman.pool;

import static dev.pointsman.pool.Instances.weighted;
import static dev.pointsman.pool.Instances.withMeta;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.registry.Health;
import dev.pointsman.registry.Weights;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ZeroWeightTest {
    private final PoolUnderTest pool = new PoolUnderTest(PoolOptions.DEFAULT);

    @Test
    void a_weight_of_zero_gets_nothing_also_when_there_is_nothing_else() {
        pool.view(weighted("a", 1, Health.PASSING, new Weights(0, 0)), withMeta("b", 2, Map.of("weight", "0")));

        assertThat(pool.pick()).isNull();
        assertThat(pool.now().failOpen()).isFalse();
        assertThat(pool.state("a")).isEqualTo(Availability.WEIGHTLESS);
    }

    @Test
    void it_gets_nothing_when_the_others_are_unwell_or_have_failed_a_request() {
        pool.view(
                weighted("a", 1, Health.PASSING, new Weights(0, 0)),
                weighted("b", 2, Health.CRITICAL, new Weights(0, 0)),
                weighted("c", 3, Health.CRITICAL, Weights.DEFAULT));

        assertThat(pool.ready()).containsExactly("c");
        assertThat(pool.pick("c")).isNull();
    }

    @Test
    void where_all_look_unwell_they_are_used_by_their_weights() {
        pool.view(
                weighted("a", 1, Health.CRITICAL, new Weights(3, 1)),
                weighted("b", 2, Health.CRITICAL, new Weights(1, 1)));

        assertThat(pool.now().failOpen()).isTrue();
        assertThat(pool.get("a").weightNow()).isEqualTo(3 * pool.get("b").weightNow());
    }
}
