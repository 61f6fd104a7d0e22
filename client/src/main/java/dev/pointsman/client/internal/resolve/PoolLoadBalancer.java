package dev.pointsman.client.internal.resolve;

import io.vertx.core.net.endpoint.InteractionMetrics;
import io.vertx.core.net.endpoint.LoadBalancer;
import io.vertx.core.net.endpoint.ServerEndpoint;
import io.vertx.core.net.endpoint.ServerSelector;
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
        for (ServerEndpoint server : servers) {
            if (!(server.unwrap() instanceof ListedUpstream listed)
                    || !(server.metrics() instanceof UpstreamInteractions interactions)) {
                throw new IllegalArgumentException(
                        "the load balancer of a ServiceClient balances the instances of its own"
                                + " address resolver: build the HTTP client with both");
            }
            interactions.at(listed.upstream());
        }
        return new PoolSelector(servers);
    }
}
