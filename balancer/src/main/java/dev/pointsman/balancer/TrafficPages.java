package dev.pointsman.balancer;

import dev.pointsman.balancer.admin.AdminPart;
import dev.pointsman.balancer.admin.BalancerReadiness;
import dev.pointsman.balancer.admin.StateChanges;
import dev.pointsman.balancer.admin.StateView;
import dev.pointsman.balancer.admin.StatusPages;
import dev.pointsman.balancer.admin.StatusReport;
import dev.pointsman.balancer.dashboard.DashboardPage;
import dev.pointsman.balancer.downstream.ConnectionLimit;
import dev.pointsman.balancer.exposition.MetricsPage;
import dev.pointsman.balancer.live.LiveConfig;
import dev.pointsman.balancer.metrics.TrafficMeters.RouteName;
import dev.pointsman.balancer.overview.OverviewPages;
import dev.pointsman.balancer.route.Route;
import dev.pointsman.balancer.tcp.TcpTraffic;
import dev.pointsman.balancer.upstream.UpstreamRoom;
import dev.pointsman.pool.PoolTime;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The parts of the admin API that show what the balancer does: its status, the metrics, the live view and the dashboard; and
 * what they look at only from time to time. For the control plane.
 */
final class TrafficPages {
    /** How often it is looked how fast changes of the registry are followed. */
    private static final Duration LOOK_TICK = Duration.ofSeconds(1);

    /** How often it is looked what is no more, so that its counts can be forgotten. */
    private static final Duration FORGET_TICK = Duration.ofMinutes(1);

    private final Vertx vertx;
    private final RequestMetering metering;
    private final Pools pools;
    private final RoutingControl routing;
    private final BalancerReadiness readiness;
    private final OwnFacts facts;
    private final TcpTraffic tcp;
    private final OverviewPages overview;

    TrafficPages(
            Vertx vertx,
            RequestObservation observation,
            Pools pools,
            RoutingControl routing,
            StateView view,
            StateChanges changes,
            BalancerReadiness readiness,
            RegistryConnection registry,
            @Nullable LiveConfig live,
            TcpTraffic tcp,
            Instant startedAt) {
        this.tcp = tcp;
        this.vertx = vertx;
        this.metering = observation.metering();
        this.pools = pools;
        this.routing = routing;
        this.readiness = readiness;
        this.facts = new OwnFacts(readiness, observation, routing::current, registry::requests, live, startedAt);
        this.overview = new OverviewPages(
                vertx,
                metering::counted,
                tcp,
                pools::followed,
                routing::current,
                view,
                changes,
                facts::state,
                new PoolTime(System::nanoTime, Clock.systemUTC()));
    }

    /** Begins to look, and gives the parts. */
    List<AdminPart> begin() {
        vertx.setPeriodic(LOOK_TICK.toMillis(), timer -> metering.look(pools.all()));
        vertx.setPeriodic(FORGET_TICK.toMillis(), timer -> forgetGone());
        overview.begin();
        return List.of(
                new DashboardPage(),
                new StatusPages(readiness, status()),
                overview,
                new MetricsPage(vertx, metering::traffic, pools::followed, facts, tcp, Clock.systemUTC()));
    }

    private StatusReport status() {
        return new StatusReport(
                readiness,
                pools::followed,
                () -> routing.state().tableVersion(),
                () -> Math.toIntExact(facts.connections().clientsOpen()),
                OwnFacts.programVersion());
    }

    private void forgetGone() {
        Set<RouteName> routes = new HashSet<>();
        for (Route route : routing.current().table().routes()) {
            String name = route.key().toString();
            // A response of the gate's has no service.
            routes.add(new RouteName(name, ""));
            route.branches()
                    .forEach(branch ->
                            routes.add(new RouteName(name, branch.target().name())));
        }
        metering.forgetGone(pools.all(), routes, System.nanoTime());
    }

    /** Takes what counts connections, as soon as there are any. */
    void connectionsCountedBy(
            ConnectionLimit ofClients, UpstreamRoom ofUpstreams, @Nullable Certificates certificates) {
        facts.connectionsCountedBy(ofClients, ofUpstreams, certificates);
    }

    /** Ends the streams of the live view, which would keep the admin API open. */
    void close() {
        overview.close();
    }
}
