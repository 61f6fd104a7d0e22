package dev.pointsman.balancer.proxy;

import dev.pointsman.balancer.resilience.FailureKind;
import dev.pointsman.balancer.route.Route;
import dev.pointsman.balancer.route.RouteTable;
import dev.pointsman.pool.Pool;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.httpproxy.HttpProxy;
import io.vertx.httpproxy.OriginRequestProvider;
import io.vertx.httpproxy.ProxyInterceptor;
import java.util.Map;

/**
 * This project's {@link HttpProxy}, to be mounted by vertx-web-proxy's {@code ProxyHandler}: it forwards to the
 * upstreams of pools. Why not the stock one: docs/adr/0004. For one event loop.
 */
final class BalancingProxy implements HttpProxy {
    private final RouteTable routes;
    private final Map<String, Pool> pools;
    private final ProxyParts parts;

    BalancingProxy(RouteTable routes, Map<String, Pool> pools, ProxyParts parts) {
        this.routes = routes;
        this.pools = pools;
        this.parts = parts;
    }

    @Override
    public void handle(HttpServerRequest request) {
        RequestTarget target = RequestTarget.of(request.uri());
        Route route = routes.match(target.path());
        Pool pool = route == null ? null : pools.get(route.target());
        if (pool == null) {
            parts.drain().answer(request.response());
            Failures.reply(request, FailureKind.NO_ROUTE);
            return;
        }
        new Exchange(parts, pool, request, target).start();
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
