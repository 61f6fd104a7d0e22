package dev.pointsman.balancer.proxy;

import dev.pointsman.balancer.config.TrustedProxies;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes the head that an upstream gets: the client's, without what concerns the client's connection only, and with
 * word of where it came from.
 *
 * <p>Host stays as the client sent it. X-Forwarded-For, -Proto, -Host and -Port are made anew, because anyone can send
 * them; only when the peer is a trusted proxy are they kept, and X-Forwarded-For gets the peer added at its end.
 */
final class RequestHead {
    private static final String FORWARDED_FOR = "x-forwarded-for";
    private static final String FORWARDED_HOST = "x-forwarded-host";
    private static final String FORWARDED_PORT = "x-forwarded-port";
    private static final String FORWARDED_PROTO = "x-forwarded-proto";
    private static final List<String> FORWARDED =
            List.of(FORWARDED_FOR, FORWARDED_HOST, FORWARDED_PORT, FORWARDED_PROTO, "forwarded");
    private static final String VIA = "1.1 pointsman";

    private final TrustedProxies trustedProxies;

    RequestHead(TrustedProxies trustedProxies) {
        this.trustedProxies = trustedProxies;
    }

    void write(HttpServerRequest from, RequestTarget target, HttpClientRequest to) {
        to.setMethod(from.method());
        to.setURI(target.originForm());
        MultiMap fields = to.headers();
        HopHeaders.copyEndToEnd(from.headers(), fields);
        if (!target.authority().isEmpty()) {
            fields.set(HttpHeaders.HOST, target.authority());
        }
        // Answered by this proxy itself, before the body is asked for.
        fields.remove("expect");
        fields.add("via", VIA);
        writeForwarded(from, fields);
    }

    private void writeForwarded(HttpServerRequest from, MultiMap fields) {
        SocketAddress peer = from.remoteAddress();
        String client = peer == null ? "unknown" : peer.hostAddress();
        boolean trusted = peer != null && trustedProxies.trusts(client);
        if (!trusted) {
            FORWARDED.forEach(fields::remove);
        }
        List<String> before = fields.getAll(FORWARDED_FOR);
        fields.set(FORWARDED_FOR, before.isEmpty() ? client : String.join(", ", before) + ", " + client);
        setIfAbsent(fields, FORWARDED_PROTO, from.isSSL() ? "https" : "http");
        setIfAbsent(fields, FORWARDED_HOST, fields.get(HttpHeaders.HOST));
        SocketAddress local = from.localAddress();
        setIfAbsent(fields, FORWARDED_PORT, local == null ? null : Integer.toString(local.port()));
    }

    private static void setIfAbsent(MultiMap fields, String name, @Nullable String value) {
        if (value != null && !fields.contains(name)) {
            fields.set(name, value);
        }
    }
}
