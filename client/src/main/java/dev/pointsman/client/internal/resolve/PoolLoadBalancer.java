package dev.pointsman.client.internal.resolve;

import io.vertx.core.net.endpoint.InteractionMetrics;
import io.vertx.core.net.endpoint.LoadBalancer;
import io.vertx.core.net.endpoint.ServerEndpoint;
import io.vertx.core.net.endpoint.ServerSelector;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/** Vert.x's form of the pools of a client: each pick is the pool's, and each request counts in it. Thread-safe. */
public final class PoolLoadBalancer implements LoadBalancer {
    private final UnsentInteractions unsent;

    /** @param nanos the clock, as {@link System#nanoTime} */
    public PoolLoadBalancer(LongSupplier nanos) {
        this.unsent = new UnsentInteractions(nanos);
    }

    @Override
    public InteractionMetrics<?> newMetrics() {
        return new UpstreamInteractions(unsent);
    }

    @Override
    public ServerSelector selector(List<? extends ServerEndpoint> servers) {
        List<ListedUpstream> listed = new ArrayList<>();
        for (ServerEndpoint server : servers) {
            if (!(server.unwrap() instanceof ListedUpstream own)
                    || !(server.metrics() instanceof UpstreamInteractions interactions)) {
                return PoolLoadBalancer::refuse;
            }
            interactions.at(own.upstream());
            listed.add(own);
        }
        return new PoolSelector(listed);
    }

    /** Later, when a server is selected: Vert.x does not pass on what is thrown before. */
    private static int refuse() {
        throw new IllegalStateException("the load balancer of a ServiceClient balances the instances of its own address"
                + " resolver (expected: an HTTP client that is built with both)");
    }
}
