package dev.pointsman.client.internal.resolve;

import dev.pointsman.client.internal.follow.FollowedService;
import dev.pointsman.pool.PoolSnapshot;
import dev.pointsman.pool.Upstream;
import dev.pointsman.registry.Instance;
import io.vertx.core.net.SocketAddress;

/**
 * An upstream as a server of Vert.x's. Immutable.
 *
 * @param address where it is; a host name is looked up by Vert.x, once for each connection
 * @param snapshot the one that it was listed from, in which it is ready
 */
record ListedUpstream(Upstream upstream, SocketAddress address, FollowedService service, PoolSnapshot snapshot) {
    static ListedUpstream of(Upstream upstream, FollowedService service, PoolSnapshot snapshot) {
        Instance instance = upstream.instance();
        return new ListedUpstream(
                upstream, SocketAddress.inetSocketAddress(instance.port(), instance.address()), service, snapshot);
    }
}
