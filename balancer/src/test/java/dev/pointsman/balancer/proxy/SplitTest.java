package dev.pointsman.balancer.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.pointsman.balancer.proxy.BoundRoute.BoundBranch;
import dev.pointsman.balancer.resilience.PoolTraffic;
import dev.pointsman.balancer.route.AccessRule;
import dev.pointsman.balancer.route.Branch;
import dev.pointsman.balancer.route.Network;
import dev.pointsman.balancer.route.Route;
import dev.pointsman.balancer.route.RouteFilters;
import dev.pointsman.balancer.route.RouteKey;
import dev.pointsman.balancer.route.RouteOptions;
import dev.pointsman.balancer.route.RouteOrigin;
import dev.pointsman.balancer.route.TagTarget;
import dev.pointsman.canary.UserKey;
import dev.pointsman.pick.LeastInFlight;
import dev.pointsman.pool.Pool;
import dev.pointsman.pool.RequestFacts;
import dev.pointsman.registry.Health;
import dev.pointsman.registry.Instance;
import dev.pointsman.registry.InstanceKey;
import dev.pointsman.registry.ServiceView;
import dev.pointsman.registry.Weights;
import dev.pointsman.retry.RetryBudget;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The branches that the requests of a route with several go to. */
class SplitTest {
    private static final int USERS = 10_000;

    private record User(@Nullable String name) implements RequestFacts {
        @Override
        public @Nullable String cookie(String wanted) {
            return name;
        }
    }

    /** A route as one event loop has it: targets with their weights, of which some have no instance. */
    private static BoundRoute split(@Nullable String by, long seed, List<String> without, Object... weights) {
        List<Branch> branches = new ArrayList<>();
        List<BoundBranch> bound = new ArrayList<>();
        for (int i = 0; i < weights.length; i += 2) {
            String target = (String) weights[i];
            Branch branch = new Branch(new TagTarget(target), (Integer) weights[i + 1], RouteOptions.DEFAULT);
            branches.add(branch);
            Pool pool = new Pool(target, new LeastInFlight());
            pool.apply(new ServiceView(target, without.contains(target) ? List.of() : List.of(instance(target))));
            bound.add(new BoundBranch(
                    branch, new RoutePool(pool, null, new PoolTraffic()), RetryBudget.ofRetries(() -> 0), null));
        }
        UserKey key = by == null ? null : Objects.requireNonNull(UserKey.parse(by));
        Route route = new Route(RouteKey.ofPath("/"), branches, RouteOptions.DEFAULT, RouteOrigin.DEFAULT, key);
        return new BoundRoute(route, bound, null, new SplittableRandom(seed)::nextLong);
    }

    private static Instance instance(String id) {
        return new Instance(
                new InstanceKey("n1", id),
                id,
                "127.0.0.1",
                1,
                List.of(),
                Map.of(),
                Weights.DEFAULT,
                Health.PASSING,
                "");
    }

    private static BoundBranch branch(String target, RouteOptions options) {
        Pool pool = new Pool(target, new LeastInFlight());
        pool.apply(new ServiceView(target, List.of(instance(target))));
        return new BoundBranch(
                new Branch(new TagTarget(target), 1, options),
                new RoutePool(pool, null, new PoolTraffic()),
                RetryBudget.ofRetries(() -> 0),
                null);
    }

    private static RouteOptions only(String network) {
        RouteOptions plain = RouteOptions.DEFAULT;
        AccessRule access = new AccessRule(
                AccessRule.AddressMode.CLIENT, List.of(Objects.requireNonNull(Network.parse(network))), List.of());
        return new RouteOptions(
                plain.host(),
                plain.path(),
                plain.response(),
                plain.attempt(),
                plain.maxBody(),
                plain.pool(),
                RouteFilters.of(access, null, null));
    }

    @Test
    void a_request_does_not_move_to_a_branch_that_is_for_others() {
        BoundBranch open = branch("open", RouteOptions.DEFAULT);
        BoundBranch guarded = branch("guarded", only("10.0.0.0/8"));
        BoundBranch alike = branch("alike", only("10.0.0.0/8"));
        Route route = new Route(
                RouteKey.ofPath("/"),
                List.of(
                        new Branch(new TagTarget("open"), 1, RouteOptions.DEFAULT),
                        new Branch(new TagTarget("guarded"), 1, only("10.0.0.0/8"))),
                RouteOptions.DEFAULT,
                RouteOrigin.DEFAULT,
                null);

        assertThat(new BoundRoute(route, List.of(open, guarded), null, () -> 0).other(open, List.of()))
                .isNull();
        assertThat(new BoundRoute(route, List.of(open, guarded, alike), null, () -> 0).other(guarded, List.of()))
                .isSameAs(alike);
    }

    private static String branch(BoundRoute route, @Nullable String user) {
        return Objects.requireNonNull(route.next(new User(user))).pool().pool().target();
    }

    private static Map<String, String> byUser(BoundRoute route) {
        Map<String, String> branches = new TreeMap<>();
        IntStream.range(0, USERS).forEach(i -> branches.put("u" + i, branch(route, "u" + i)));
        return branches;
    }

    private static double share(Map<String, String> branches, String target) {
        return branches.values().stream().filter(target::equals).count() / (double) branches.size();
    }

    @Test
    void requests_are_shared_out_by_weight_also_over_many_event_loops() {
        for (int seed = 0; seed < 50; seed++) {
            List<BoundRoute> loops = new ArrayList<>();
            for (int loop = 0; loop < 16; loop++) {
                loops.add(split(null, seed * 100L + loop, List.of(), "a", 90, "b", 10, "none", 0));
            }
            Map<String, Integer> counts = new TreeMap<>();
            for (int i = 0; i < 100; i++) {
                counts.merge(branch(loops.get(i % loops.size()), null), 1, Integer::sum);
            }
            assertThat(counts).doesNotContainKey("none");
            assertThat(counts.getOrDefault("b", 0)).as("seed " + seed).isCloseTo(10, within(6));
        }
    }

    @Test
    void one_loop_keeps_to_the_weights_closely() {
        BoundRoute route = split(null, 1, List.of(), "a", 95, "b", 5);
        long ofB = IntStream.range(0, 100)
                .filter(i -> branch(route, null).equals("b"))
                .count();
        assertThat(ofB).isBetween(4L, 6L);
    }

    @Test
    void a_user_goes_to_one_branch_in_whatever_order_they_are_written_and_on_every_balancer() {
        Map<String, String> one = byUser(split("cookie:uid", 1, List.of(), "a", 95, "b", 5));
        Map<String, String> other = byUser(split("cookie:uid", 2, List.of(), "b", 5, "a", 95));

        assertThat(one).isEqualTo(other);
        assertThat(share(one, "b")).isCloseTo(0.05, within(0.01));
    }

    @Test
    void when_weights_change_only_as_many_users_move_as_must() {
        Map<String, String> before = byUser(split("cookie:uid", 1, List.of(), "a", 95, "b", 5));
        Map<String, String> after = byUser(split("cookie:uid", 1, List.of(), "a", 80, "b", 20));

        long moved = before.entrySet().stream()
                .filter(each -> !each.getValue().equals(after.get(each.getKey())))
                .count();
        assertThat(moved / (double) USERS).isCloseTo(0.15, within(0.01));
    }

    @Test
    void users_of_a_branch_that_cannot_serve_are_spread_over_the_others_and_nobody_else_moves() {
        Map<String, String> before = byUser(split("cookie:uid", 1, List.of(), "a", 2, "b", 1, "c", 1));
        Map<String, String> after = byUser(split("cookie:uid", 1, List.of("a"), "a", 2, "b", 1, "c", 1));

        assertThat(share(after, "b")).isCloseTo(0.5, within(0.02));
        before.forEach((user, branch) -> {
            if (!branch.equals("a")) {
                assertThat(after).containsEntry(user, branch);
            }
        });
    }

    @Test
    void requests_that_do_not_tell_their_user_are_shared_out_one_by_one() {
        BoundRoute route = split("cookie:uid", 1, List.of(), "a", 1, "b", 1);
        long ofB = IntStream.range(0, 100)
                .filter(i -> branch(route, null).equals("b"))
                .count();
        assertThat(ofB).isBetween(49L, 51L);
    }

    @Test
    void where_nobody_can_serve_a_branch_is_asked_all_the_same() {
        assertThat(split("cookie:uid", 1, List.of("a", "b"), "a", 1, "b", 1).next(new User("u")))
                .isNotNull();
        assertThat(split("cookie:uid", 1, List.of(), "a", 0, "b", 0).next(new User("u")))
                .isNull();
    }
}
