package dev.pointsman.pool;

import static dev.pointsman.pool.Instances.instance;
import static dev.pointsman.pool.Instances.onNode;
import static dev.pointsman.pool.Instances.weighted;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.registry.Health;
import dev.pointsman.registry.Instance;
import dev.pointsman.registry.InstanceKey;
import dev.pointsman.registry.ServiceView;
import dev.pointsman.registry.Weights;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.IntSupplier;
import org.junit.jupiter.api.Test;

class PoolTest {
    private final CountingPolicy policy = new CountingPolicy();
    private final Pool pool = new Pool("svc", policy);

    @Test
    void a_pool_is_empty_and_can_be_asked_before_the_first_view() {
        assertThat(pool.snapshot().target()).isEqualTo("svc");
        assertThat(pool.snapshot().upstreams()).isEmpty();
        assertThat(pool.snapshot().picker().pick(List.of())).isNull();
    }

    @Test
    void a_snapshot_in_a_log_says_where_its_upstreams_are_and_how_they_are() {
        pool.apply(view(instance("a", 1), instance("b", 2, Health.CRITICAL, "out\nof memory")));
        byId("a").begin();

        assertThat(pool.snapshot())
                .hasToString("svc [n1/a at 127.0.0.1:1 READY, 1 in flight,"
                        + " n1/b at 127.0.0.1:2 CRITICAL, 0 in flight (out of memory)]");
    }

    @Test
    void a_surviving_upstream_keeps_what_is_known_about_it_and_takes_the_new_facts() {
        pool.apply(view(instance("a", 1)));
        Upstream before = only();
        before.begin();
        before.begin().end(Outcome.BROKEN);

        pool.apply(view(instance("a", 2)));

        assertThat(only()).isSameAs(before);
        assertThat(only().inFlight()).isEqualTo(1);
        assertThat(only().picks()).isEqualTo(2);
        assertThat(only().failures()).isEqualTo(1);
        assertThat(only().instance().port()).isEqualTo(2);
    }

    @Test
    void an_upstream_that_the_registry_dropped_is_gone_and_yet_finishes_what_it_has() {
        pool.apply(view(instance("a", 1), instance("b", 2)));
        Upstream dropped = byId("a");
        Attempt underWay = dropped.begin();

        pool.apply(view(instance("b", 2)));

        assertThat(dropped.availability()).isEqualTo(Availability.GONE);
        assertThat(ids(pool.snapshot().upstreams())).containsExactly("b");
        assertThat(dropped.inFlight()).isEqualTo(1);
        underWay.end(Outcome.RESPONDED);
        assertThat(dropped.inFlight()).isZero();
        assertThat(policy.readyInFlight.getAsInt()).isZero();
    }

    @Test
    void an_instance_that_comes_back_after_it_was_gone_starts_afresh() {
        pool.apply(view(instance("a", 1)));
        Upstream first = only();
        first.begin();
        pool.apply(view());

        pool.apply(view(instance("a", 1)));

        assertThat(only()).isNotSameAs(first);
        assertThat(only().inFlight()).isZero();
        assertThat(only().availability()).isEqualTo(Availability.READY);
    }

    @Test
    void only_what_passes_or_warns_with_a_weight_is_ready() {
        pool.apply(view(
                instance("critical", 1, Health.CRITICAL, "no response"),
                instance("maintenance", 2, Health.MAINTENANCE, "upgrade"),
                instance("passing", 3),
                instance("warning", 4, Health.WARNING, "slow"),
                weighted("weightless", 5, Health.WARNING, new Weights(1, 0))));

        assertThat(ids(pool.snapshot().ready())).containsExactly("passing", "warning");
        assertThat(pool.snapshot().upstreams()).hasSize(5);
        assertThat(byId("critical").availability()).isEqualTo(Availability.CRITICAL);
        assertThat(byId("maintenance").availability()).isEqualTo(Availability.MAINTENANCE);
        assertThat(byId("weightless").availability()).isEqualTo(Availability.WEIGHTLESS);
    }

    @Test
    void a_weight_of_zero_for_warnings_does_not_matter_while_the_checks_pass() {
        pool.apply(view(weighted("a", 1, Health.PASSING, new Weights(1, 0))));

        assertThat(only().availability()).isEqualTo(Availability.READY);
    }

    @Test
    void an_upstream_becomes_ready_again_when_its_checks_pass_again() {
        pool.apply(view(instance("a", 1, Health.CRITICAL, "no response")));
        assertThat(pool.snapshot().ready()).isEmpty();

        pool.apply(view(instance("a", 1)));

        assertThat(ids(pool.snapshot().ready())).containsExactly("a");
    }

    @Test
    void a_retained_instance_still_takes_requests_and_says_that_it_is_retained() {
        pool.apply(view(instance("a", 1)));

        pool.apply(new ServiceView("svc", List.of(instance("a", 1)), Set.of(new InstanceKey("n1", "a"))));

        assertThat(only().retained()).isTrue();
        assertThat(ids(pool.snapshot().ready())).containsExactly("a");

        pool.apply(view(instance("a", 1)));
        assertThat(only().retained()).isFalse();
    }

    @Test
    void an_instance_that_is_only_cached_takes_requests_and_says_so_until_the_registry_responds() {
        Set<InstanceKey> remembered = Set.of(new InstanceKey("n1", "a"));
        pool.apply(new ServiceView("svc", List.of(instance("a", 1)), Set.of(), remembered));
        assertThat(only().stale()).isTrue();
        assertThat(pool.snapshot().ready()).hasSize(1);

        pool.apply(new ServiceView("svc", List.of(instance("a", 1))));
        assertThat(only().stale()).isFalse();
    }

    @Test
    void an_instance_that_is_retained_from_the_start_is_retained() {
        pool.apply(new ServiceView("svc", List.of(instance("a", 1)), Set.of(new InstanceKey("n1", "a"))));

        assertThat(only().retained()).isTrue();
    }

    @Test
    void each_view_is_published_once_and_what_was_read_before_stays_as_it_was() {
        pool.apply(view(instance("a", 1)));
        PoolSnapshot before = pool.snapshot();
        int builtBefore = policy.built;

        pool.apply(view(instance("b", 1), instance("c", 1)));

        assertThat(policy.built).isEqualTo(builtBefore + 1);
        assertThat(ids(before.upstreams())).containsExactly("a");
        assertThat(ids(pool.snapshot().upstreams())).containsExactly("b", "c");
    }

    @Test
    void the_order_is_by_node_and_id_whenever_an_instance_joined() {
        pool.apply(view(onNode("n2", "a", 1), onNode("n1", "c", 2)));

        pool.apply(view(onNode("n1", "c", 2), onNode("n2", "a", 1), onNode("n1", "b", 3)));

        assertThat(pool.snapshot().upstreams())
                .extracting(upstream -> upstream.key().toString())
                .containsExactly("n1/b", "n1/c", "n2/a");
        assertThat(policy.ready).containsExactlyElementsOf(pool.snapshot().ready());
    }

    @Test
    void load_on_upstreams_that_are_not_picked_from_is_not_counted_for_the_policy() {
        pool.apply(view(instance("a", 1), instance("b", 2)));
        byId("a").begin();
        byId("b").begin();
        assertThat(policy.readyInFlight.getAsInt()).isEqualTo(2);

        pool.apply(view(instance("a", 1, Health.CRITICAL, "hangs"), instance("b", 2)));

        assertThat(policy.readyInFlight.getAsInt()).isEqualTo(1);
    }

    @Test
    void load_on_upstreams_that_are_gone_is_not_counted_for_the_policy() {
        pool.apply(view(instance("a", 1), instance("b", 2)));
        Attempt hung = byId("a").begin();
        byId("b").begin();

        pool.apply(view(instance("b", 2)));

        assertThat(policy.readyInFlight.getAsInt()).isEqualTo(1);
        hung.end(Outcome.RESPONDED);
        assertThat(policy.readyInFlight.getAsInt()).isEqualTo(1);
    }

    private Upstream only() {
        assertThat(pool.snapshot().upstreams()).hasSize(1);
        return pool.snapshot().upstreams().get(0);
    }

    private Upstream byId(String id) {
        return pool.snapshot().upstreams().stream()
                .filter(upstream -> upstream.key().id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private static List<String> ids(List<Upstream> upstreams) {
        return upstreams.stream().map(upstream -> upstream.key().id()).toList();
    }

    private static ServiceView view(Instance... instances) {
        return new ServiceView("svc", List.of(instances));
    }

    /** Remembers what it was asked to build from. */
    private static final class CountingPolicy implements PickPolicy {
        private int built;
        private List<Upstream> ready = new ArrayList<>();
        private IntSupplier readyInFlight = () -> 0;

        @Override
        public Picker build(List<Upstream> upstreams, IntSupplier inFlight) {
            built++;
            ready = upstreams;
            readyInFlight = inFlight;
            return (tried, request) -> null;
        }
    }
}
