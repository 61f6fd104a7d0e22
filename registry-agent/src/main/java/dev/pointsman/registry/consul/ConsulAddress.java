package dev.pointsman.registry.consul;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where Consul is and how to be let in.
 *
 * @param host name or IP literal (an IPv6 one without brackets)
 * @param port TCP port
 * @param tls whether to speak HTTPS
 * @param token the ACL token to send as {@code X-Consul-Token}, or null
 * @param caCert PEM file of the authority that signed Consul's certificate, or null for the JVM's trust store
 * @param clientCert PEM file of our own certificate, or null
 * @param clientKey PEM file (PKCS #8) of the key to it, or null
 * @param verifyTls whether Consul's certificate must be valid for its name
 * @param namespace Consul Enterprise's namespace, or null
 * @param partition Consul Enterprise's admin partition, or null
 */
public record ConsulAddress(
        String host,
        int port,
        boolean tls,
        @Nullable String token,
        @Nullable Path caCert,
        @Nullable Path clientCert,
        @Nullable Path clientKey,
        boolean verifyTls,
        @Nullable String namespace,
        @Nullable String partition) {
    /** Consul's HTTP port. */
    public static final int DEFAULT_PORT = 8500;

    /** Plain HTTP, no token. */
    public static ConsulAddress of(String host, int port) {
        return new ConsulAddress(host, port, false, null, null, null, null, true, null, null);
    }

    /** {@code http://host:port} or {@code https://host:port}, IPv6 literals in brackets, no slash at the end. */
    public String url() {
        return (tls ? "https://" : "http://") + (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
