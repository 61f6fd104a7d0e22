package dev.pointsman.balancer.proxy;

import dev.pointsman.balancer.filter.RouteGate;
import dev.pointsman.balancer.resilience.RetryBudget;
import dev.pointsman.balancer.route.Branch;
import dev.pointsman.balancer.route.Route;
import dev.pointsman.balancer.route.RouteOptions;
import dev.pointsman.pool.Upstream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A route as one event loop uses it: its branches with their pools, and whose turn it is among them. */
final class BoundRoute {
    private final Route route;
    private final List<BoundBranch> branches;
    private final @Nullable RouteGate gate;

    /** A branch with its pool, and the loop's budget for retries there. */
    static final class BoundBranch {
        private final Branch branch;
        private final RoutePool pool;
        private final RetryBudget budget;
        private final @Nullable RouteGate gate;

        /** The share that is due to this branch: smooth weighted round robin, as nginx has it. */
        private long due;

        BoundBranch(Branch branch, RoutePool pool, RetryBudget budget, @Nullable RouteGate gate) {
            this.branch = branch;
            this.pool = pool;
            this.budget = budget;
            this.gate = gate;
        }

        /** What requests have to pass first; null for nothing. */
        @Nullable
        RouteGate gate() {
            return gate;
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

        private boolean hasUntried(List<Upstream> tried) {
            return branch.weight() > 0 && pool.pool().snapshot().hasUntried(tried);
        }
    }

    /**
     * @param gate of a route without branches; null for none
     */
    BoundRoute(Route route, List<BoundBranch> branches, @Nullable RouteGate gate) {
        this.route = route;
        this.branches = branches;
        this.gate = gate;
    }

    /** What responds where the route has no branch; null if nothing does. */
    @Nullable
    RouteGate gate() {
        return gate;
    }

    Route route() {
        return route;
    }

    /** The branch for the next request: one with an instance, if there is any. Null if the route has no branch. */
    @Nullable
    BoundBranch next() {
        return branches.size() == 1 ? branches.get(0) : nextOfSeveral();
    }

    private @Nullable BoundBranch nextOfSeveral() {
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

    /** Another branch for a request that no instance of its own one could serve; null if there is none. */
    @Nullable
    BoundBranch other(BoundBranch own, List<Upstream> tried) {
        if (branches.size() == 1) {
            return null;
        }
        for (BoundBranch each : branches) {
            if (each != own && each.hasUntried(tried)) {
                return each;
            }
        }
        return null;
    }
}
