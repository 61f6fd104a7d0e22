package dev.pointsman.pick;

import static dev.pointsman.pool.Instances.instance;
import static dev.pointsman.pool.Instances.weighted;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.pool.Attempt;
import dev.pointsman.pool.Outcome;
import dev.pointsman.pool.PickPolicy;
import dev.pointsman.pool.Picker;
import dev.pointsman.pool.PoolOptions;
import dev.pointsman.pool.PoolSnapshot;
import dev.pointsman.pool.RequestFacts;
import dev.pointsman.pool.Upstream;
import dev.pointsman.registry.Health;
import dev.pointsman.registry.Weights;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The contract of every policy, whatever it goes by: each row of {@link PolicyKind} runs through it. What holds also where
 * upstreams are preferred for what they are is in {@link PickPolicySafetyTest}.
 */
@ParameterizedClass
@MethodSource("policies")
@Timeout(60)
class PickPolicyContractTest {
    private static final int[] SIZES = {1, 2, 3, 5, 17};

    private final Supplier<PickPolicy> policy;

    PickPolicyContractTest(Supplier<PickPolicy> policy) {
        this.policy = policy;
    }

    static Stream<Named<Supplier<PickPolicy>>> policies() {
        return Stream.of(TestPolicies.all(), TestPolicies.nearOverflow(), TestPolicies.nearestFirst(upstream -> 0))
                .flatMap(policies -> policies);
    }

    @Test
    void every_ready_one_is_picked_for_requests_with_a_key_and_without() {
        for (int size : SIZES) {
            Picking picking = Picking.among(size, policy.get());

            assertThat(pickedFor(picking, 400, i -> RequestFacts.NONE))
                    .as("without a key, of %s", size)
                    .isEqualTo(Set.copyOf(picking.ready()));
            assertThat(pickedFor(picking, 400, i -> new TestRequest("key " + i)))
                    .as("with keys, of %s", size)
                    .isEqualTo(Set.copyOf(picking.ready()));
        }
    }

    @Test
    void also_the_lightest_one_is_picked_now_and_then() {
        Picking picking = Picking.weighted(policy.get(), 1, 20, 5);

        assertThat(pickedFor(picking, 2000, i -> RequestFacts.NONE)).hasSize(3);
        assertThat(pickedFor(picking, 2000, i -> new TestRequest("key " + i))).hasSize(3);
    }

    @Test
    void idle_and_equal_upstreams_get_equal_shares() {
        for (int size : SIZES) {
            Picking picking = Picking.among(size, policy.get());

            Map<String, Integer> counts = picking.counts(2_000 * size);

            assertThat(counts).hasSize(size);
            assertThat(counts.values()).allSatisfy(count -> assertThat(count).isBetween(1_800, 2_200));
        }
    }

    @Test
    void where_all_have_no_weight_and_one_fails_open_all_are_picked() {
        Picking picking = new Picking(policy.get(), PoolOptions.DEFAULT);
        picking.view(
                weighted("a0", 1, Health.WARNING, new Weights(5, 0)),
                weighted("a1", 1, Health.WARNING, new Weights(1, 0)),
                instance("a2", 1, Health.CRITICAL, "down"));

        assertThat(pickedFor(picking, 400, i -> RequestFacts.NONE)).hasSize(3);
        assertThat(pickedFor(picking, 400, i -> new TestRequest("key " + i))).hasSize(3);
    }

    @Test
    void one_that_has_to_prove_itself_is_picked_for_one_request_at_a_time() {
        Picking picking = Picking.among(3, policy.get());
        Upstream back = picking.get(1);
        back.begin().end(Outcome.CONNECT_FAILED);
        assertThat(pickedFor(picking, 300, i -> new TestRequest("key " + i)))
                .hasSize(2)
                .doesNotContain(back);
        picking.time.passSeconds(30);
        assertThat(pickedFor(picking, 300, i -> new TestRequest("key " + i))).contains(back);

        Attempt probe = back.begin();

        assertThat(pickedFor(picking, 300, i -> new TestRequest("key " + i)))
                .hasSize(2)
                .doesNotContain(back);
        probe.end(Outcome.RESPONDED);
        assertThat(pickedFor(picking, 300, i -> new TestRequest("key " + i))).contains(back);
    }

    @Test
    void a_fresh_one_gets_less_than_the_others_until_it_is_warm() {
        Picking picking =
                new Picking(policy.get(), PoolOptions.DEFAULT.withSlowStart(java.time.Duration.ofSeconds(60)));
        picking.view(2);
        picking.view(3);

        assertThat(freshShare(picking)).isBetween(0.01, 0.15);
        picking.time.passSeconds(60);
        assertThat(freshShare(picking)).isBetween(0.28, 0.39);
    }

    private static double freshShare(Picking picking) {
        return picking.counts(3_000).getOrDefault("a2", 0) / 3_000.0;
    }

    @Test
    void a_snapshot_picks_its_own_upstreams_only_and_a_new_one_none_that_is_gone() {
        Picking picking = Picking.among(5, policy.get());
        PoolSnapshot before = picking.pool.snapshot();
        for (int i = 0; i < 3; i++) {
            before.picker().pick(List.of());
        }

        picking.view(instance("a1", 1), instance("a3", 1), instance("a9", 1));

        assertThat(pickedBy(before.picker(), 300)).isEqualTo(Set.copyOf(before.ready()));
        assertThat(pickedBy(picking.pool.snapshot().picker(), 300)).isEqualTo(Set.copyOf(picking.ready()));
        assertThat(picking.ready()).hasSize(3);
    }

    private interface Requests {
        RequestFacts number(int i);
    }

    private static Set<Upstream> pickedFor(Picking picking, int count, Requests requests) {
        return IntStream.range(0, count)
                .mapToObj(i -> picking.pick(requests.number(i)))
                .collect(Collectors.toSet());
    }

    private static Set<Upstream> pickedBy(Picker picker, int count) {
        Set<Upstream> picked = new HashSet<>();
        for (int i = 0; i < count; i++) {
            picked.add(Objects.requireNonNull(picker.pick(List.of(), new TestRequest("key " + i))));
            picked.add(Objects.requireNonNull(picker.pick(List.of())));
        }
        return picked;
    }
}
