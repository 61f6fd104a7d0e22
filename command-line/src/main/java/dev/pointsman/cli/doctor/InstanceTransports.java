package dev.pointsman.cli.doctor;

import dev.pointsman.balancer.config.BalancerConfig;
import dev.pointsman.balancer.http.UpstreamProtocol;
import dev.pointsman.balancer.http.UpstreamTransport;
import dev.pointsman.balancer.route.TagTarget;
import dev.pointsman.balancer.tls.ServerCertificate;
import dev.pointsman.balancer.tls.UpstreamTls;
import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * How instances are spoken to, by the routes that lead to them and by their own tags, and TLS to them with the trust that the balancer has.
 * Immutable.
 */
final class InstanceTransports {
    private static final String OURS = "pointsman.route=";

    private final Map<String, UpstreamTransport> byTarget = new LinkedHashMap<>();
    private final String fabioPrefix;
    private final UpstreamTls tls;

    /** Those of a configuration; in clear text where there is none. */
    InstanceTransports(@Nullable BalancerConfig config) {
        this.fabioPrefix =
                config == null ? "urlprefix-" : config.announcements().fabioPrefix();
        this.tls = config == null ? UpstreamTls.OF_JDK : config.upstreamTls();
        if (config != null && config.hasRoutes()) {
            config.routes().stream()
                    .flatMap(route -> route.branches().stream())
                    .filter(branch -> branch.target() instanceof TagTarget)
                    .forEach(branch -> byTarget.putIfAbsent(
                            branch.target().name(), branch.options().pool().transport()));
        }
    }

    /** How an instance is spoken to; where its routes differ, as the first of them says. */
    UpstreamTransport of(RegisteredInstance instance) {
        for (Map.Entry<String, UpstreamTransport> each : byTarget.entrySet()) {
            if (instance.carries(each.getKey())) {
                return each.getValue();
            }
        }
        return instance.tags().stream()
                .filter(tag -> tag.startsWith(OURS) || tag.strip().startsWith(fabioPrefix))
                .findFirst()
                .map(InstanceTransports::announced)
                .orElse(UpstreamTransport.PLAIN);
    }

    /** By the options of a tag, of ours or of fabio's. */
    private static UpstreamTransport announced(String tag) {
        UpstreamProtocol protocol = UpstreamProtocol.HTTP;
        String name = "";
        boolean skip = false;
        for (String option : tag.split("[;\\s]+", -1)) {
            String[] parts = option.strip().split("=", 2);
            String value = parts.length > 1 ? parts[1].strip() : "";
            switch (parts[0].toLowerCase(Locale.ROOT)) {
                case "proto" -> protocol = protocol(value);
                case "server-name" -> name = value;
                case "tlsskipverify", "tls-skip-verify" -> skip = value.equals("true");
                default -> {
                    // Nothing about how it is spoken to.
                }
            }
        }
        return new UpstreamTransport(protocol, name, skip);
    }

    private static UpstreamProtocol protocol(String word) {
        for (UpstreamProtocol each : UpstreamProtocol.values()) {
            if (each.toString().equals(word)) {
                return each;
            }
        }
        return UpstreamProtocol.HTTP;
    }

    /**
     * Does a handshake on a connection that stands, as the balancer would.
     *
     * @param address that the instance has registered
     * @throws IOException if it fails, by what has caused it
     */
    Socket secured(Socket plain, UpstreamTransport transport, String address) throws IOException {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            ServerCertificate own = tls.own();
            context.init(
                    own == null ? null : new KeyManager[] {tls.keys(own)},
                    new TrustManager[] {tls.trust(!transport.skipVerify())},
                    null);
            String name = transport.nameFor(address);
            SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(plain, name, plain.getPort(), true);
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm(transport.skipVerify() ? "" : "HTTPS");
            parameters.setApplicationProtocols(
                    new String[] {transport.protocol().isHttp2() ? "h2" : "http/1.1"});
            if (name.chars().anyMatch(Character::isLetter) && !name.contains(":")) {
                parameters.setServerNames(List.of(new SNIHostName(name)));
            }
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            return socket;
        } catch (GeneralSecurityException impossible) {
            throw new IOException("this JVM does no TLS: " + impossible.getMessage(), impossible);
        }
    }
}
