package dev.pointsman.balancer;

import dev.pointsman.balancer.RoutingControl.SourceRoutes;
import dev.pointsman.balancer.admin.PlanApi;
import dev.pointsman.balancer.config.ConfigReading;
import dev.pointsman.balancer.config.ConfigSource;
import dev.pointsman.balancer.config.DocumentTrust;
import dev.pointsman.balancer.config.ReadConfig;
import dev.pointsman.balancer.proxy.ProxyVerticle;
import dev.pointsman.balancer.route.RecentRequest;
import dev.pointsman.balancer.route.RouteOrigin.RouteSource;
import dev.pointsman.balancer.route.RouteTable;
import dev.pointsman.balancer.route.RoutesInForce;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.util.List;

/** The rehearsals of a running balancer: what its routes and its newest requests would make of another configuration. */
final class Rehearsals implements PlanApi.Rehearsal {
    private final ConfigSource source;
    private final RoutingControl routing;
    private final List<ProxyVerticle> proxies;
    private final ControlLoop control;

    /**
     * The rehearsals of one balancer.
     *
     * @param source reads other configurations
     * @param proxies of all event loops
     */
    Rehearsals(ConfigSource source, RoutingControl routing, List<ProxyVerticle> proxies, ControlLoop control) {
        this.source = source;
        this.routing = routing;
        this.proxies = proxies;
        this.control = control;
    }

    @Override
    public ConfigReading read(String name, byte[] content, DocumentTrust from) {
        return source.read(Path.of(name), content, from);
    }

    @Override
    public Future<RouteTable> tableWith(ReadConfig read) {
        return control.call(() -> routing.preview(new SourceRoutes(
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
