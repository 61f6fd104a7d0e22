package dev.pointsman.pool;

import static dev.pointsman.pool.Instances.instance;
import static dev.pointsman.pool.Instances.onNode;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.registry.Health;
import dev.pointsman.registry.Instance;
import dev.pointsman.registry.ServiceView;
import java.util.List;
import org.junit.jupiter.api.Test;

class PoolDiffTest {
    @Test
    void everything_is_new_to_an_empty_pool() {
        PoolDiff diff = PoolDiff.between(List.of(), view(instance("a", 1), instance("b", 2)));

        assertThat(diff.added()).containsExactly(instance("a", 1), instance("b", 2));
        assertThat(diff.survivors()).isEmpty();
        assertThat(diff.removed()).isEmpty();
    }

    @Test
    void an_instance_that_is_still_listed_keeps_its_upstream_and_brings_its_newest_facts() {
        Upstream upstream = upstream(instance("a", 1));

        PoolDiff diff = PoolDiff.between(List.of(upstream), view(instance("a", 2, Health.CRITICAL, "down")));

        assertThat(diff.added()).isEmpty();
        assertThat(diff.removed()).isEmpty();
        assertThat(diff.survivors()).singleElement().satisfies(kept -> {
            assertThat(kept.upstream()).isSameAs(upstream);
            assertThat(kept.facts()).isEqualTo(instance("a", 2, Health.CRITICAL, "down"));
            assertThat(kept.changed()).isTrue();
        });
    }

    @Test
    void an_instance_whose_facts_are_the_same_is_kept_unchanged() {
        PoolDiff diff = PoolDiff.between(List.of(upstream(instance("a", 1))), view(instance("a", 1)));

        assertThat(diff.survivors()).singleElement().satisfies(kept -> assertThat(kept.changed())
                .isFalse());
    }

    @Test
    void an_instance_that_is_listed_no_more_is_removed() {
        Upstream gone = upstream(instance("a", 1));
        Upstream stays = upstream(instance("b", 2));

        PoolDiff diff = PoolDiff.between(List.of(gone, stays), view(instance("b", 2), instance("c", 3)));

        assertThat(diff.removed()).containsExactly(gone);
        assertThat(diff.survivors()).extracting(PoolDiff.Survivor::upstream).containsExactly(stays);
        assertThat(diff.added()).containsExactly(instance("c", 3));
    }

    @Test
    void the_same_id_on_another_node_is_another_instance() {
        Upstream onOne = upstream(onNode("n1", "a", 1));

        PoolDiff diff = PoolDiff.between(List.of(onOne), view(onNode("n2", "a", 1)));

        assertThat(diff.removed()).containsExactly(onOne);
        assertThat(diff.added()).containsExactly(onNode("n2", "a", 1));
        assertThat(diff.survivors()).isEmpty();
    }

    private static Upstream upstream(Instance instance) {
        return new Upstream(instance, false, new PoolCounters(), (attempt, outcome) -> {}, 0, () -> 0);
    }

    private static ServiceView view(Instance... instances) {
        return new ServiceView("svc", List.of(instances));
    }
}
