package dev.pointsman.balancer.proxy;

import dev.pointsman.balancer.filter.RouteGate;
import dev.pointsman.balancer.route.Branch;
import dev.pointsman.balancer.route.Route;
import dev.pointsman.balancer.route.RouteFilters;
import dev.pointsman.balancer.route.RouteOptions;
import dev.pointsman.canary.UserBuckets;
import dev.pointsman.canary.UserKey;
import dev.pointsman.pool.RequestFacts;
import dev.pointsman.pool.Upstream;
import dev.pointsman.retry.RetryBudget;
import java.util.Comparator;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** A route as one event loop uses it: its branches with their pools, and whose turn it is among them. */
final class BoundRoute {
    private final Route route;
    private final String name;
    private final List<BoundBranch> branches;
    private final @Nullable RouteGate gate;

    /** A branch with its pool, and the loop's budget for retries there. */
    static final class BoundBranch {
        private final Branch branch;
        private final String target;
        private final RoutePool pool;
        private final RetryBudget budget;
        private final @Nullable RouteGate gate;

        /** The share that is due to this branch: smooth weighted round robin, as nginx has it. */
        private long due;

        BoundBranch(Branch branch, RoutePool pool, RetryBudget budget, @Nullable RouteGate gate) {
            this.branch = branch;
            // Some make their name anew each time.
            this.target = branch.target().name();
            this.pool = pool;
            this.budget = budget;
            this.gate = gate;
        }

        /** What requests have to pass first; null for nothing. */
        @Nullable
        RouteGate gate() {
            return gate;
        }

        /** The name of what it leads to; the same object each time. */
        String target() {
            return target;
        }

        RouteOptions options() {
            return branch.options();
        }

        RoutePool pool() {
            return pool;
        }

        RetryBudget budget() {
            return budget;
        }

        private boolean isGuardedAs(BoundBranch other) {
            return RouteFilters.areGuardedAlike(
                    options().filters(), other.options().filters());
        }

        private boolean hasUntried(List<Upstream> tried) {
            return branch.weight() > 0 && pool.pool().snapshot().hasUntried(tried);
        }
    }

    /**
     * A route of one event loop.
     *
     * @param branches in the order of the route
     * @param gate of a route without branches; null for none
     * @param seeds where the loop begins with whose turn it is: if all began with the heaviest branch, the others would miss
     *     their share of few requests on many loops
     */
    BoundRoute(Route route, List<BoundBranch> branches, @Nullable RouteGate gate, LongSupplier seeds) {
        this.route = route;
        this.name = route.key().toString();
        this.gate = gate;
        // Whatever order they are written in, a user's branch is the same, and few users move when weights change.
        this.branches = route.splitBy() == null
                ? branches
                : branches.stream()
                        .sorted(Comparator.comparing(
                                each -> each.branch.target().name()))
                        .toList();
        if (branches.size() > 1) {
            beginAnywhere(seeds);
        }
    }

    private void beginAnywhere(LongSupplier seeds) {
        long sum = 0;
        for (BoundBranch each : branches) {
            sum += each.branch.weight();
        }
        long rest = 0;
        for (BoundBranch each : branches) {
            each.due = sum == 0 || each == branches.get(0) ? 0 : Math.floorMod(seeds.getAsLong(), sum) - sum / 2;
            rest -= each.due;
        }
        branches.get(0).due = rest;
    }

    /** What responds where the route has no branch; null if nothing does. */
    @Nullable
    RouteGate gate() {
        return gate;
    }

    Route route() {
        return route;
    }

    /** The route's key as text; the same object each time. */
    String name() {
        return name;
    }

    /**
     * The branch for the next request: one with an instance, if there is any. Null if the route has no branch.
     *
     * @param request tells the user, where users are kept to branches
     */
    @Nullable
    BoundBranch next(RequestFacts request) {
        return branches.size() == 1 ? branches.get(0) : nextOfSeveral(request);
    }

    private @Nullable BoundBranch nextOfSeveral(RequestFacts request) {
        UserKey splitBy = route.splitBy();
        int bucket = splitBy == null ? UserBuckets.NONE : splitBy.bucket(request, UserBuckets.SPLIT);
        if (splitBy == null || bucket == UserBuckets.NONE) {
            return inTurn();
        }
        BoundBranch own = at(bucket, false);
        if (own == null || own.hasUntried(List.of())) {
            return own;
        }
        // The users of a branch that cannot serve are spread over those that can, each always to the same one.
        BoundBranch instead = at(splitBy.bucket(request, UserBuckets.SPILL), true);
        return instead == null ? own : instead;
    }

    /** The branch in whose stretch a bucket lies, when they are laid side by side, each as long as its weight. */
    private @Nullable BoundBranch at(int bucket, boolean onlyUsable) {
        long sum = 0;
        for (BoundBranch each : branches) {
            sum += onlyUsable && !each.hasUntried(List.of()) ? 0 : each.branch.weight();
        }
        long end = 0;
        for (BoundBranch each : branches) {
            end += onlyUsable && !each.hasUntried(List.of()) ? 0 : each.branch.weight();
            if (bucket * sum < end * UserBuckets.COUNT) {
                return each;
            }
        }
        return null;
    }

    /** By smooth weighted round robin among the branches with an instance. */
    private @Nullable BoundBranch inTurn() {
        long sum = 0;
        BoundBranch best = null;
        for (BoundBranch each : branches) {
            if (each.hasUntried(List.of())) {
                sum += each.branch.weight();
                each.due += each.branch.weight();
                best = best == null || each.due > best.due ? each : best;
            }
        }
        if (best == null) {
            return branches.isEmpty() ? null : branches.get(0);
        }
        best.due -= sum;
        return best;
    }

    /**
     * Another branch for a request that no instance of its own one could serve; null if there is none. The request has passed
     * what its own branch asks for, so one that asks for other users or addresses cannot take it.
     */
    @Nullable
    BoundBranch other(BoundBranch own, List<Upstream> tried) {
        if (branches.size() == 1) {
            return null;
        }
        for (BoundBranch each : branches) {
            if (each != own && each.hasUntried(tried) && each.isGuardedAs(own)) {
                return each;
            }
        }
        return null;
    }
}
