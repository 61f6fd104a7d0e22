package dev.pointsman.balancer;

import dev.pointsman.balancer.RoutingControl.SourceRoutes;
import dev.pointsman.balancer.admin.PlanApi;
import dev.pointsman.balancer.config.ConfigReading;
import dev.pointsman.balancer.config.ConfigSource;
import dev.pointsman.balancer.config.ReadConfig;
import dev.pointsman.balancer.proxy.ProxyVerticle;
import dev.pointsman.balancer.route.RecentRequest;
import dev.pointsman.balancer.route.RouteOrigin.RouteSource;
import dev.pointsman.balancer.route.RouteTable;
import dev.pointsman.balancer.route.RoutesInForce;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/** The rehearsals of a running balancer: what its routes and its newest requests would make of another configuration. */
final class Rehearsals implements PlanApi.Rehearsal {
    private final ConfigSource source;
    private final RoutingControl routing;
    private final List<ProxyVerticle> proxies;
    private final Function<Supplier<RouteTable>, Future<RouteTable>> onControl;

    /**
     * The rehearsals of one balancer.
     *
     * @param source reads other configurations
     * @param proxies of all event loops
     * @param onControl does something on the control plane's context
     */
    Rehearsals(
            ConfigSource source,
            RoutingControl routing,
            List<ProxyVerticle> proxies,
            Function<Supplier<RouteTable>, Future<RouteTable>> onControl) {
        this.source = source;
        this.routing = routing;
        this.proxies = proxies;
        this.onControl = onControl;
    }

    @Override
    public ConfigReading read(String name, byte[] content) {
        return source.read(Path.of(name), content);
    }

    @Override
    public Future<RouteTable> tableWith(ReadConfig read) {
        return onControl.apply(() -> routing.preview(new SourceRoutes(
                RouteSource.FILE, read.config().routes(), read.config().hasRoutes())));
    }

    @Override
    public RoutesInForce routes() {
        return routing.current();
    }

    @Override
    public Future<List<RecentRequest>> recent() {
        List<Future<List<RecentRequest>>> ofLoops =
                proxies.stream().map(ProxyVerticle::recentRequests).toList();
        return Future.all(ofLoops).map(read -> ProxyVerticle.newest(read.list()));
    }
}
