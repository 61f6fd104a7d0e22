package dev.pointsman.balancer.overview;

import dev.pointsman.balancer.route.Route;
import dev.pointsman.balancer.route.RouteKey;
import dev.pointsman.balancer.route.RoutesInForce;
import dev.pointsman.pool.Pool;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.function.Supplier;

/** The routes that lead to each pool, by the table in force. For one thread. */
final class PoolRoutes {
    private final Supplier<? extends RoutesInForce> inForce;
    private IdentityHashMap<Pool, List<LeadingRoute>> byPool = new IdentityHashMap<>();
    private long version = -1;

    PoolRoutes(Supplier<? extends RoutesInForce> inForce) {
        this.inForce = inForce;
    }

    /** The routes, in the table's order, of each pool that has any. */
    IdentityHashMap<Pool, List<LeadingRoute>> now() {
        RoutesInForce now = inForce.get();
        if (now.version() == version) {
            return byPool;
        }
        IdentityHashMap<Pool, List<LeadingRoute>> found = new IdentityHashMap<>();
        List<Route> routes = now.table().routes();
        for (int i = 0; i < routes.size(); i++) {
            RouteKey key = routes.get(i).key();
            LeadingRoute leading = new LeadingRoute(key.toString(), key.isTcp());
            for (Pool pool : now.branchPools(i)) {
                List<LeadingRoute> names = found.computeIfAbsent(pool, first -> new ArrayList<>());
                if (!names.contains(leading)) {
                    names.add(leading);
                }
            }
        }
        byPool = found;
        version = now.version();
        return found;
    }
}
