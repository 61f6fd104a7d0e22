package dev.pointsman.balancer.proxy;

import dev.pointsman.balancer.config.BalancerConfig;
import dev.pointsman.balancer.config.Listener;
import dev.pointsman.balancer.config.TlsConfig;
import dev.pointsman.balancer.downstream.ClientConnection;
import dev.pointsman.balancer.http.RequestTarget;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.vertx.core.http.HttpServerRequest;
import org.jspecify.annotations.Nullable;

/**
 * The redirect of requests in clear text to the same URL by https. An authority that proves who has a name by a request in clear text
 * (RFC 8555, 8.3) is not sent away, nor is what a trusted proxy says came to it by https. Immutable.
 */
final class HttpsRedirect {
    private static final String ACME = "/.well-known/acme-challenge/";
    private static final int HTTPS_PORT = 443;

    /** What stands behind the host; null for no redirect. */
    private final @Nullable String port;

    HttpsRedirect(BalancerConfig config) {
        int given = config.tls().redirectPort();
        int to = given == 0
                ? config.listeners().stream()
                        .filter(Listener::tls)
                        .findFirst()
                        .map(listener -> listener.address().port())
                        .orElse(HTTPS_PORT)
                : given;
        this.port = given == TlsConfig.NONE ? null : to == HTTPS_PORT ? "" : ":" + to;
    }

    /** Where a request is to go; null where it may stay. */
    @Nullable
    String locationOf(HttpServerRequest request, ClientConnection client) {
        String behind = port;
        if (behind == null || client.peer().isByTls(client.received().fields())) {
            return null;
        }
        RequestTarget target = RequestTarget.of(request.uri());
        String host = target.authority().isEmpty()
                ? client.received().fields().get(HttpHeaderNames.HOST)
                : target.authority();
        if (host == null || host.isEmpty() || target.path().startsWith(ACME)) {
            return null;
        }
        return "https://" + withoutPort(host) + behind + target.originForm();
    }

    /** A host that was found to be valid, an IPv6 address in its brackets. */
    private static String withoutPort(String host) {
        int end = host.indexOf(']');
        int colon = host.indexOf(':', Math.max(0, end));
        return colon < 0 ? host : host.substring(0, colon);
    }
}
