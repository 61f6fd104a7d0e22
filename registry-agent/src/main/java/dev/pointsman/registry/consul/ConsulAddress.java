package dev.pointsman.registry.consul;

import dev.pointsman.registry.OneLine;
import io.netty.util.NetUtil;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The address of a Consul agent, with what it takes to be let in (TLS, ACL token), and with which of its data are meant:
 * datacenter, namespace, partition. Immutable.
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
 * @param datacenter the datacenter whose services, nodes and keys are asked for, which the agent's own forwards to; null for the
 *     agent's own. In small letters, as Consul has them. A token has to be known there. What registers services does so on
 *     the agent, and so in the agent's own datacenter, whatever stands here. Instances have the addresses that the
 *     agent gives: those for its own network, or with {@code translate_wan_addrs} those for others
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
        @Nullable String partition,
        @Nullable String datacenter) {
    private static final Pattern DATACENTER = Pattern.compile("[A-Za-z0-9_-]+");

    /** Consul's HTTP port. */
    public static final int DEFAULT_PORT = 8500;

    /** The host of Consul's agent by default: this machine. */
    public static final String DEFAULT_HOST = "127.0.0.1";

    /** @throws BadAddressException if the datacenter is none that Consul can have */
    public ConsulAddress {
        if (datacenter != null) {
            if (!DATACENTER.matcher(datacenter).matches()) {
                throw new BadAddressException(List.of("datacenter: '" + OneLine.of(datacenter, 64)
                        + "' (expected: letters, digits, dashes and underscores)"));
            }
            // As Consul does with the name that an agent is configured with; a query for another spelling is refused.
            datacenter = datacenter.toLowerCase(Locale.ROOT);
        }
    }

    /** An address for plain HTTP, without a token. */
    public static ConsulAddress of(String host, int port) {
        return new ConsulAddress(host, port, false, null, null, null, null, true, null, null, null);
    }

    /**
     * Reads a {@code --consul} flag and Consul's own environment variables, as Consul's own programs read them. The flag
     * wins over {@code CONSUL_HTTP_ADDR}; all the other variables count in either case. An empty
     * variable counts as not set.
     *
     * <table>
     * <caption>What is read</caption>
     * <tr><td>{@code CONSUL_HTTP_ADDR}</td><td>{@code host:port}, {@code host} and {@code :port} (the part left out is
     *     127.0.0.1 or 8500), {@code http://host:port} or {@code https://host:port} (port 80 or 443 if left out), IPv6
     *     literals in brackets; Unix sockets and paths are refused</td></tr>
     * <tr><td>{@code CONSUL_HTTP_TOKEN}, {@code CONSUL_HTTP_TOKEN_FILE}</td><td>the ACL token; the file wins</td></tr>
     * <tr><td>{@code CONSUL_HTTP_SSL}</td><td>true: HTTPS, also where the address says {@code http://}</td></tr>
     * <tr><td>{@code CONSUL_HTTP_SSL_VERIFY}</td><td>false: accept any certificate; default true</td></tr>
     * <tr><td>{@code CONSUL_CACERT}, {@code CONSUL_CLIENT_CERT}, {@code CONSUL_CLIENT_KEY}</td><td>PEM files</td></tr>
     * <tr><td>{@code CONSUL_NAMESPACE}, {@code CONSUL_PARTITION}</td><td>Consul Enterprise only</td></tr>
     * <tr><td>{@code CONSUL_HTTP_AUTH}, {@code CONSUL_CAPATH}, {@code CONSUL_TLS_SERVER_NAME}</td><td>refused: they would
     *     change the meaning of the others and are not supported</td></tr>
     * </table>
     *
     * @param flag the value of {@code --consul}, in any form of {@code CONSUL_HTTP_ADDR}, or null when it was not given
     * @param environment usually {@link System#getenv()}
     * @throws BadAddressException with every problem there is
     */
    public static ConsulAddress from(@Nullable String flag, Map<String, String> environment) {
        return new ConsulSettings(environment).read(flag);
    }

    /** {@code http://host:port} or {@code https://host:port}, IPv6 literals in brackets, no slash at the end. */
    public String url() {
        return (tls ? "https://" : "http://") + (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }

    /**
     * The same agent, asked about another datacenter.
     *
     * @param name the datacenter's name; null for the agent's own
     * @throws BadAddressException if it has other characters than letters, digits, dashes and underscores
     */
    public ConsulAddress withDatacenter(@Nullable String name) {
        return new ConsulAddress(
                host, port, tls, token, caCert, clientCert, clientKey, verifyTls, namespace, partition, name);
    }

    /** The place that sentences name: the URL, and the datacenter where one is set. */
    public String place() {
        return url() + (datacenter == null ? "" : " (datacenter " + datacenter + ")");
    }

    /**
     * The scope of this registry's data: the URL, with datacenter, namespace and partition where they are set. Never the
     * token.
     */
    public String scope() {
        return url()
                + (datacenter == null ? "" : " datacenter " + datacenter)
                + (namespace == null ? "" : " namespace " + namespace)
                + (partition == null ? "" : " partition " + partition);
    }

    /** Whether Consul's agent is on this machine, judged by {@link #host()} alone: nothing is looked up. */
    public boolean isLoopback() {
        if (host.equalsIgnoreCase("localhost")) {
            return true;
        }
        byte @Nullable [] bytes = NetUtil.createByteArrayFromIpAddressString(host);
        if (bytes == null) {
            return false;
        }
        if (bytes.length == 4) {
            return bytes[0] == 127;
        }
        // ::1, all zeros but for the last bit (RFC 4291, 2.5.3)
        for (int i = 0; i < 15; i++) {
            if (bytes[i] != 0) {
                return false;
            }
        }
        return bytes[15] == 1;
    }

    /** The address for logs: the URL and what else is set; never the token. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(url());
        if (token != null) {
            text.append(" with a token");
        }
        if (datacenter != null) {
            text.append(" datacenter ").append(datacenter);
        }
        if (namespace != null) {
            text.append(" namespace ").append(namespace);
        }
        if (partition != null) {
            text.append(" partition ").append(partition);
        }
        if (tls && !verifyTls) {
            text.append(" certificate not verified");
        }
        return text.toString();
    }
}
