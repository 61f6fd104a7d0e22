package dev.pointsman.balancer.proxy;

import dev.pointsman.balancer.route.Route;
import dev.pointsman.balancer.route.RouteOptions;
import dev.pointsman.balancer.route.RouteTable;
import dev.pointsman.balancer.route.RoutesInForce;
import dev.pointsman.pool.Pool;
import java.time.Duration;
import java.util.Collections;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A route table with the pools that its branches go to, as all event loops get it. What would take long with many routes is
 * done when it is made. Immutable, thread-safe.
 */
public final class RoutingSnapshot implements RoutesInForce {
    private final long version;
    private final RouteTable table;
    private final List<List<RoutePool>> pools;
    private final Set<RoutePool> allPools = Collections.newSetFromMap(new IdentityHashMap<>());
    private final @Nullable Duration shortestTimeout;

    /**
     * A snapshot.
     *
     * @param version counts the tables of this process, from 1
     * @param pools for each route of the table, in its order, the pool of each branch
     */
    public RoutingSnapshot(long version, RouteTable table, List<List<RoutePool>> pools) {
        if (pools.size() != table.routes().size()) {
            throw new IllegalArgumentException(
                    pools.size() + " pools for " + table.routes().size() + " routes");
        }
        this.version = version;
        this.table = table;
        this.pools = List.copyOf(pools);
        pools.forEach(allPools::addAll);
        this.shortestTimeout = table.routes().stream()
                .flatMap(Route::allOptions)
                .flatMap(RoutingSnapshot::timeouts)
                .min(Comparator.naturalOrder())
                .orElse(null);
    }

    private static Stream<Duration> timeouts(RouteOptions options) {
        return Stream.of(options.response(), options.attempt()).filter(Objects::nonNull);
    }

    @Override
    public long version() {
        return version;
    }

    @Override
    public RouteTable table() {
        return table;
    }

    /** The pool of each branch of the route with this index. */
    List<RoutePool> pools(int index) {
        return pools.get(index);
    }

    @Override
    public List<Pool> branchPools(int index) {
        return pools.get(index).stream().map(RoutePool::pool).toList();
    }

    /** The pools of all routes, by identity. */
    public Set<RoutePool> allPools() {
        return Collections.unmodifiableSet(allPools);
    }

    /** The shorter of this time and the shortest that a route sets. */
    Duration shortestTimeout(Duration other) {
        return shortestTimeout == null || shortestTimeout.compareTo(other) > 0 ? other : shortestTimeout;
    }
}
