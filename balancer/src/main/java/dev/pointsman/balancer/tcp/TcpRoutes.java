package dev.pointsman.balancer.tcp;

import dev.pointsman.balancer.http.UpstreamTransport;
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
     * @param transport how its instances are spoken to
     */
    record TcpRoute(String name, Pool pool, UpstreamTransport transport) {}
}
