package dev.pointsman.balancer.config;

/**
 * A port for clients.
 *
 * @param address where
 * @param tls whether TLS is spoken there, and clear text is not
 */
public record Listener(ListenAddress address, boolean tls) {
    /** Its scheme in URLs. */
    public String scheme() {
        return tls ? "https" : "http";
    }
}
