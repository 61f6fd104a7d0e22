package dev.pointsman.balancer.explain;

import dev.pointsman.balancer.config.BalancerConfig;
import dev.pointsman.balancer.route.Branch;
import dev.pointsman.balancer.route.Route;
import dev.pointsman.balancer.route.RouteCandidates;
import dev.pointsman.balancer.route.RouteLookup.TableEntry;
import dev.pointsman.balancer.route.RoutesInForce;
import dev.pointsman.pool.Pool;
import dev.pointsman.pool.PoolSnapshot;
import dev.pointsman.pool.RequestFacts;
import dev.pointsman.pool.Upstream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of a request, and why: its route, the instances that it may go to, and what is done to it on the way. A view of
 * one moment, which changes nothing. Immutable.
 *
 * @param request what is asked about
 * @param version of the table that was asked
 * @param refusal why it would be refused before it is routed; null if it would not
 * @param candidates its route and the others that it could take
 * @param branches where the route leads to; none if no route takes it, or the route responds itself
 * @param effects what the route does beside that
 */
public record Explanation(
        AskedRequest request,
        long version,
        @Nullable String refusal,
        RouteCandidates candidates,
        List<ExplainedBranch> branches,
        List<RouteEffects.Effect> effects) {
    /**
     * A branch of the route.
     *
     * @param share of the route's requests, in percent
     * @param policy how it picks
     * @param failOpen whether nothing in its pool looks healthy, so that all is used
     * @param next who is picked next, in words
     * @param instances the pool's instances, sorted by their keys
     */
    public record ExplainedBranch(
            String target,
            double share,
            String policy,
            boolean failOpen,
            String next,
            List<InstanceVerdict> instances) {
        public ExplainedBranch {
            instances = List.copyOf(instances);
        }
    }

    public Explanation {
        branches = List.copyOf(branches);
        effects = List.copyOf(effects);
    }

    /**
     * Explains a request.
     *
     * @param config the settings that count where the route does not say otherwise
     * @param now the time of day
     */
    public static Explanation of(AskedRequest request, RoutesInForce routes, BalancerConfig config, Instant now) {
        String path = request.path();
        RouteCandidates candidates = RouteCandidates.of(routes.table(), request.host(), path, request);
        TableEntry taken = candidates.taken();
        boolean isBypassed = routes.table()
                .isBypassed(taken == null ? null : taken.route(), request.host(), request.target(), request);
        String refusal = isBypassed || request.target().isAmbiguous()
                ? "400: the path means something else to some readers, and is not forwarded"
                : null;
        return new Explanation(
                request,
                routes.version(),
                refusal,
                candidates,
                taken == null
                        ? List.of()
                        : branches(taken.route(), routes.branchPools(taken.index()), request, now, "request"),
                taken == null ? List.of() : RouteEffects.of(taken.route(), request, config));
    }

    /** @param what is asked about, in one word */
    static List<ExplainedBranch> branches(
            Route route, List<Pool> pools, RequestFacts request, Instant now, String what) {
        int sum = route.branches().stream().mapToInt(Branch::weight).sum();
        List<ExplainedBranch> branches = new ArrayList<>();
        for (int i = 0; i < pools.size(); i++) {
            Branch branch = route.branches().get(i);
            double share = sum == 0 ? 0 : 100.0 * branch.weight() / sum;
            branches.add(branch(branch, share, pools.get(i).snapshot(), request, now, what));
        }
        return branches;
    }

    private static ExplainedBranch branch(
            Branch branch, double share, PoolSnapshot snapshot, RequestFacts request, Instant now, String what) {
        Upstream next = snapshot.peek(request);
        return new ExplainedBranch(
                branch.target().name(),
                share,
                branch.options().pool().policy().toString(),
                snapshot.failOpen(),
                next(snapshot, next, what),
                instances(snapshot, next, now));
    }

    /** The verdict on each instance of a pool. */
    public static List<InstanceVerdict> instances(PoolSnapshot snapshot, @Nullable Upstream next, Instant now) {
        return snapshot.upstreams().stream()
                .map(upstream -> InstanceVerdict.of(upstream, snapshot, next, now))
                .toList();
    }

    private static String next(PoolSnapshot snapshot, @Nullable Upstream next, String what) {
        if (next != null) {
            return next.key().id() + ", if no other " + what + " comes first";
        }
        int ready = snapshot.ready().size();
        return switch (ready) {
            case 0 -> "none: the " + what + " would " + (what.equals("request") ? "get 503" : "be closed");
            case 1 -> snapshot.ready().get(0).key().id() + ", the only one";
            default -> "one of " + ready + " (which one is not known before it is picked)";
        };
    }

    /** The status that it would get from this balancer itself, as things are; 0 if an instance would be asked. */
    public int ownStatus() {
        if (refusal != null) {
            return 400;
        }
        if (candidates.taken() == null) {
            return 404;
        }
        boolean any = branches.isEmpty()
                || branches.stream().anyMatch(each -> !each.next().startsWith("none"));
        return any ? 0 : 503;
    }
}
