package dev.pointsman.balancer.config;

import org.jspecify.annotations.Nullable;

/**
 * A port for clients.
 *
 * @param address where
 * @param tls whether TLS is spoken there, and clear text is not
 * @param proxyProtocol whether each connection begins with a header of the PROXY protocol
 * @param tcp how its connections are relayed; null where HTTP is spoken
 */
public record Listener(
        ListenAddress address,
        boolean tls,
        boolean proxyProtocol,
        @Nullable TcpPort tcp) {
    /** One where HTTP is spoken. */
    public Listener(ListenAddress address, boolean tls) {
        this(address, tls, false, null);
    }

    /** Its scheme in URLs. */
    public String scheme() {
        if (tcp != null) {
            return "tcp";
        }
        return tls ? "https" : "http";
    }
}
