package dev.pointsman.balancer.proxy;

import dev.pointsman.balancer.downstream.ClientConnection;
import dev.pointsman.balancer.http.RequestTarget;
import dev.pointsman.balancer.resilience.FailureKind;
import dev.pointsman.balancer.resilience.RetryBudget;
import dev.pointsman.balancer.route.Route;
import dev.pointsman.balancer.route.RouteTable;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.httpproxy.HttpProxy;
import io.vertx.httpproxy.OriginRequestProvider;
import io.vertx.httpproxy.ProxyInterceptor;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;

/**
 * The entry of routed traffic: an {@link HttpProxy}, mounted by vertx-web-proxy's {@code ProxyHandler}, that forwards
 * requests to the upstreams of pools. Why not the stock one: docs/adr/0004. For one event loop.
 */
final class BalancingProxy implements HttpProxy {
    private final RouteTable routes;
    /** The pools by the identity of their routes, as each request is looked up here. */
    private final IdentityHashMap<Route, RoutedPool> byRoute = new IdentityHashMap<>();

    private final EventLoopContext loop;

    private record RoutedPool(RoutePool pool, RetryBudget budget) {}

    BalancingProxy(RouteTable routes, IdentityHashMap<Route, RoutePool> pools, EventLoopContext loop) {
        this.routes = routes;
        this.loop = loop;
        Map<RoutePool, RetryBudget> budgets = new HashMap<>();
        pools.forEach((route, pool) -> byRoute.put(
                route,
                new RoutedPool(pool, budgets.computeIfAbsent(pool, own -> new RetryBudget(loop.ticker()::now)))));
    }

    @Override
    public void handle(HttpServerRequest request) {
        ClientConnection client = ClientConnection.of(request);
        RequestTarget asked = RequestTarget.of(request.uri());
        if (asked.isAmbiguous()) {
            Failures.refuse(request, client, FailureKind.AMBIGUOUS_PATH);
            return;
        }
        Route route = routes.match(asked.path());
        RoutedPool target = route == null ? null : byRoute.get(route);
        if (route == null || target == null) {
            Failures.reply(request, client, FailureKind.NO_ROUTE);
            return;
        }
        RoutedRequest routed = new RoutedRequest(request, asked, route, client);
        if (routed.isTooLarge(loop.limits())) {
            Failures.refuse(request, client, FailureKind.BODY_TOO_LARGE);
        } else if (routed.forwarded() == null) {
            Failures.refuse(request, client, FailureKind.AMBIGUOUS_PATH);
        } else if (routed.maxForwards() == 0) {
            MaxForwards.respond(routed);
        } else {
            new Exchange(loop, target.pool(), target.budget(), routed).start();
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
