package dev.pointsman.client.internal.call;

import dev.pointsman.pool.Upstream;
import dev.pointsman.registry.Instance;
import io.vertx.core.net.SocketAddress;

/** The address of an instance in Vert.x's form. Kept with its upstream, as it is parsed anew each time that one is made. */
record InstanceSocket(String host, int port, SocketAddress address) {
    static SocketAddress of(Upstream upstream) {
        Instance instance = upstream.instance();
        if (upstream.attachment() instanceof InstanceSocket kept
                && kept.port == instance.port()
                && kept.host.equals(instance.address())) {
            return kept.address;
        }
        SocketAddress address = SocketAddress.inetSocketAddress(instance.port(), instance.address());
        upstream.attach(new InstanceSocket(instance.address(), instance.port(), address));
        return address;
    }
}
