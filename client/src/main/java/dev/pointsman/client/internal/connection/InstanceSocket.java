package dev.pointsman.client.internal.connection;

import dev.pointsman.pool.Upstream;
import dev.pointsman.registry.Instance;
import io.vertx.core.net.HostAndPort;
import io.vertx.core.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * What a client keeps with an upstream: the address of its instance in Vert.x's form, which would be parsed anew for each
 * request, and the connections to it of each event loop, which would have to be looked up.
 */
public final class InstanceSocket {
    private final String host;
    private final SocketAddress address;
    private final HostAndPort authority;

    /** By the number of the loop; each element is of its loop's thread alone. */
    private final @Nullable InstanceConnections[] connections;

    private InstanceSocket(Instance instance, int loops) {
        host = instance.address();
        address = SocketAddress.inetSocketAddress(instance.port(), host);
        // An IPv6 address has brackets in the field Host (RFC 9110, 7.2), which Vert.x does not set.
        authority = HostAndPort.create(host.indexOf(':') < 0 ? host : "[" + host + "]", instance.port());
        connections = new InstanceConnections[loops];
    }

    /** That of an upstream as the registry knows it now. */
    public static InstanceSocket of(Upstream upstream, int loops) {
        Instance instance = upstream.instance();
        if (upstream.attachment() instanceof InstanceSocket kept
                && kept.address.port() == instance.port()
                && kept.host.equals(instance.address())) {
            return kept;
        }
        InstanceSocket socket = new InstanceSocket(instance, loops);
        upstream.attach(socket);
        return socket;
    }

    public SocketAddress address() {
        return address;
    }

    /** What a request has in its field Host, unless its caller says something else. */
    public HostAndPort authority() {
        return authority;
    }

    /** The connections of the loop with this number; null if it has none yet, or has forgotten them. */
    @Nullable
    InstanceConnections connections(int loop) {
        InstanceConnections kept = connections[loop];
        return kept == null || kept.isForgotten() ? null : kept;
    }

    void keep(int loop, InstanceConnections of) {
        connections[loop] = of;
    }
}
