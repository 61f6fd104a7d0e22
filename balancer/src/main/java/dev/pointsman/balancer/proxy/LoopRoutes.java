package dev.pointsman.balancer.proxy;

import dev.pointsman.balancer.filter.RouteGate;
import dev.pointsman.balancer.filter.RouteGates;
import dev.pointsman.balancer.http.RequestTarget;
import dev.pointsman.balancer.proxy.BoundRoute.BoundBranch;
import dev.pointsman.balancer.route.Branch;
import dev.pointsman.balancer.route.Route;
import dev.pointsman.balancer.route.RouteFilters;
import dev.pointsman.balancer.route.RouteLookup.RoutedFacts;
import dev.pointsman.balancer.route.RouteLookup.TableEntry;
import dev.pointsman.balancer.route.RouteOptions;
import dev.pointsman.balancer.route.RouteTable;
import dev.pointsman.balancer.tcp.TcpRoutes;
import dev.pointsman.pool.RequestFacts;
import dev.pointsman.retry.RetryBudget;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The routes in force on one event loop. A new table costs the loop one array, however many routes it has: what a route
 * needs here is made when its first request comes.
 */
final class LoopRoutes implements TcpRoutes {
    private final Supplier<RetryBudget> newBudget;
    private final RouteGates gates;
    private final LongSupplier seeds;
    private final IdentityHashMap<RoutePool, RetryBudget> budgets = new IdentityHashMap<>();
    private RoutingSnapshot snapshot;
    private @Nullable BoundRoute[] bound;

    /**
     * The routes of a loop.
     *
     * @param seeds where branches begin to take turns
     */
    LoopRoutes(RoutingSnapshot first, Supplier<RetryBudget> newBudget, RouteGates gates, LongSupplier seeds) {
        this.newBudget = newBudget;
        this.gates = gates;
        this.seeds = seeds;
        this.snapshot = first;
        this.bound = new BoundRoute[first.table().routes().size()];
    }

    /** Puts another table in force. Requests under way go on by the one that they began with. */
    void apply(RoutingSnapshot next) {
        snapshot = next;
        bound = new BoundRoute[next.table().routes().size()];
        if (!budgets.isEmpty()) {
            budgets.keySet().retainAll(next.allPools());
        }
    }

    /** The version of the table in force. */
    long version() {
        return snapshot.version();
    }

    /** The route of a request, or null if no route takes it. */
    @Nullable
    BoundRoute find(@Nullable String host, String path, RoutedFacts request) {
        TableEntry entry = snapshot.table().find(host, path, request);
        return entry == null ? null : bound(entry);
    }

    @Override
    public @Nullable TcpRoute find(int port, @Nullable String name, boolean announced, RequestFacts client) {
        TableEntry entry = snapshot.table().find(port, name, announced);
        BoundBranch branch = entry == null ? null : bound(entry).next(client);
        if (entry == null || branch == null) {
            return null;
        }
        RouteFilters filters = branch.options().filters();
        return new TcpRoute(
                bound(entry).name(),
                branch.pool().pool(),
                branch.pool().queue(),
                branch.pool().traffic(),
                branch.options().pool(),
                filters == null ? null : filters.access());
    }

    private BoundRoute bound(TableEntry entry) {
        BoundRoute known = bound[entry.index()];
        if (known == null) {
            known = bind(entry);
            bound[entry.index()] = known;
        }
        return known;
    }

    /** See {@link RouteTable#isBypassed}. */
    boolean isBypassed(@Nullable Route taken, @Nullable String host, RequestTarget target, RoutedFacts request) {
        return snapshot.table().isBypassed(taken, host, target, request);
    }

    private BoundRoute bind(TableEntry entry) {
        Route route = entry.route();
        List<RoutePool> pools = snapshot.pools(entry.index());
        List<BoundBranch> branches = new ArrayList<>(pools.size());
        for (int i = 0; i < pools.size(); i++) {
            Branch branch = route.branches().get(i);
            RoutePool pool = pools.get(i);
            branches.add(new BoundBranch(
                    branch,
                    pool,
                    budgets.computeIfAbsent(pool, own -> newBudget.get()),
                    gate(route, branch.options())));
        }
        return new BoundRoute(route, branches, branches.isEmpty() ? gate(route, route.options()) : null, seeds);
    }

    private @Nullable RouteGate gate(Route route, RouteOptions options) {
        return gates.gate(route.key().toString(), options);
    }
}
