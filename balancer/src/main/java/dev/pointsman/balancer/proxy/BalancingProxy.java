package dev.pointsman.balancer.proxy;

import dev.pointsman.balancer.config.ExplainSecret;
import dev.pointsman.balancer.downstream.ClientConnection;
import dev.pointsman.balancer.filter.RouteGate;
import dev.pointsman.balancer.http.RequestTarget;
import dev.pointsman.balancer.proxy.BoundRoute.BoundBranch;
import dev.pointsman.balancer.resilience.FailureKind;
import dev.pointsman.balancer.route.Route;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.httpproxy.HttpProxy;
import io.vertx.httpproxy.OriginRequestProvider;
import io.vertx.httpproxy.ProxyInterceptor;

/**
 * The entry of routed traffic: an {@link HttpProxy}, mounted by vertx-web-proxy's {@code ProxyHandler}, that forwards
 * requests to the upstreams of pools. Why not the stock one: docs/adr/0004. For one event loop.
 */
final class BalancingProxy implements HttpProxy {
    private final LoopRoutes routes;
    private final EventLoopContext loop;

    BalancingProxy(LoopRoutes routes, EventLoopContext loop) {
        this.routes = routes;
        this.loop = loop;
    }

    @Override
    public void handle(HttpServerRequest wrapped) {
        ClientConnection client = ClientConnection.of(wrapped);
        // What the router has wrapped around it is of no use here.
        HttpServerRequest request = client.request();
        RequestTarget asked = RequestTarget.of(request.uri());
        ExplainSecret secret = loop.explainSecret();
        LiveExplanation explanation = secret == null
                ? null
                : LiveExplanation.of(client.received().fields(), secret, loop.ticker(), routes.version());
        RoutedRequest routed = new RoutedRequest(request, asked, client, explanation, loop.observers());
        if (asked.isAmbiguous()) {
            Failures.refuse(routed, FailureKind.AMBIGUOUS_PATH);
            return;
        }
        String host = routed.host();
        BoundRoute route = routes.find(host, asked.path(), routed);
        Route noted = route == null ? null : route.route();
        if (routes.isBypassed(noted, host, asked, routed)) {
            Failures.refuse(routed, FailureKind.AMBIGUOUS_PATH);
            return;
        }
        loop.recent()
                .add(routed.method(), host, asked.path(), noted, loop.ticker().now());
        BoundBranch branch = route == null ? null : route.next(routed);
        if (route == null || (branch == null && route.gate() == null)) {
            routed.beginTrace();
            Failures.reply(routed, FailureKind.NO_ROUTE);
            return;
        }
        routed.take(route, branch);
        routed.beginTrace();
        if (explanation != null) {
            explanation.routed(routed);
        }
        RouteGate gate = routed.gate();
        if (gate == null) {
            forward(routed);
        } else {
            new GatedRequest(gate, routed, loop.vertx(), this::forward).enter();
        }
    }

    private void forward(RoutedRequest routed) {
        if (!routed.hasBranch()) {
            Failures.reply(routed, FailureKind.NO_ROUTE);
        } else if (routed.isTooLarge(loop.limits())) {
            Failures.refuse(routed, FailureKind.BODY_TOO_LARGE);
        } else if (routed.forwarded() == null) {
            Failures.refuse(routed, FailureKind.AMBIGUOUS_PATH);
        } else if (MaxForwards.of(routed) == 0) {
            MaxForwards.respond(routed);
        } else {
            new Exchange(loop, routed).start();
        }
    }

    /** Not supported: an upstream is picked from the route's pool for each attempt. */
    @Override
    public HttpProxy origin(OriginRequestProvider provider) {
        throw new UnsupportedOperationException("upstreams come from the pools of the registry");
    }

    /** Not supported: there is no chain of interceptors on this path. */
    @Override
    public HttpProxy addInterceptor(ProxyInterceptor interceptor, boolean supportsWebSocketUpgrade) {
        throw new UnsupportedOperationException("this proxy has no interceptors");
    }
}
