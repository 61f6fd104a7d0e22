package dev.pointsman.balancer.tcp;

import dev.pointsman.balancer.resilience.AdmissionQueue;
import dev.pointsman.balancer.resilience.PoolTraffic;
import dev.pointsman.balancer.route.AccessRule;
import dev.pointsman.balancer.route.PoolSettings;
import dev.pointsman.pool.Pool;
import dev.pointsman.pool.RequestFacts;
import org.jspecify.annotations.Nullable;

/** The TCP routes in force on one event loop. For that loop. */
@FunctionalInterface
public interface TcpRoutes {
    /**
     * The route of a connection, or null if no route takes it.
     *
     * @param port the port that it came to, as it was configured
     * @param name the name that the client asks for by SNI, in lower case; null for none
     * @param announced whether routes of all ports that pass TLS through count there
     * @param client by which a user is kept to a branch
     */
    @Nullable
    TcpRoute find(int port, @Nullable String name, boolean announced, RequestFacts client);

    /**
     * Where a connection goes.
     *
     * @param name the route's key
     * @param pool of the branch whose turn it is
     * @param queue where connections wait for a permit of the pool; null where nothing is limited
     * @param traffic counts those that did
     * @param settings of the pool
     * @param access who may; null for all
     */
    record TcpRoute(
            String name,
            Pool pool,
            @Nullable AdmissionQueue queue,
            PoolTraffic traffic,
            PoolSettings settings,
            @Nullable AccessRule access) {}
}
