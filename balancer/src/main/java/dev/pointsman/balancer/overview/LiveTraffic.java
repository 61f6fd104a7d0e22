package dev.pointsman.balancer.overview;

import dev.pointsman.balancer.admin.StateView;
import dev.pointsman.balancer.admin.StateView.Followed;
import dev.pointsman.balancer.metrics.ConnectionSource;
import dev.pointsman.balancer.metrics.MeterSource;
import dev.pointsman.balancer.route.RoutesInForce;
import dev.pointsman.balancer.traffic.ConnectionSampler;
import dev.pointsman.balancer.traffic.Traffic;
import dev.pointsman.balancer.traffic.TrafficHistory;
import dev.pointsman.balancer.traffic.TrafficSampler;
import dev.pointsman.pool.Pool;
import dev.pointsman.pool.PoolSnapshot;
import dev.pointsman.pool.PoolTime;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The traffic and the state of all services, looked at when it is asked for and no more often than makes a difference. For one
 * thread that may take its time, such as a worker.
 */
final class LiveTraffic {
    /** A look that is no older is good enough. */
    private static final Duration FRESH = Duration.ofMillis(900);

    private final Supplier<@Nullable MeterSource> meters;
    private final Supplier<List<Followed>> followed;
    private final PoolRoutes routes;
    private final StateView view;
    private final Supplier<BalancerState> balancer;
    private final PoolTime time;
    private final TrafficSampler sampler = new TrafficSampler();
    private final ConnectionSource tcp;
    private final ConnectionSampler connections = new ConnectionSampler();
    private boolean looked;
    private long lastLook;

    /**
     * Before the first look.
     *
     * @param meters null while nothing is counted
     * @param tcp counts the connections of TCP routes
     */
    LiveTraffic(
            Supplier<@Nullable MeterSource> meters,
            ConnectionSource tcp,
            Supplier<List<Followed>> followed,
            Supplier<? extends RoutesInForce> routes,
            StateView view,
            Supplier<BalancerState> balancer,
            PoolTime time) {
        this.meters = meters;
        this.tcp = tcp;
        this.followed = followed;
        this.routes = new PoolRoutes(routes);
        this.view = view;
        this.balancer = balancer;
        this.time = time;
    }

    /** Looks at the meters, unless that was done just now. */
    void look() {
        long now = time.nanos().getAsLong();
        if (looked && now - lastLook < FRESH.toNanos()) {
            return;
        }
        sampler.look(meters.get(), now, time.wall().instant());
        connections.look(tcp.connections(), now);
        looked = true;
        lastLook = now;
    }

    /** Everything as it is now. */
    Overview overview() {
        look();
        IdentityHashMap<Pool, List<LeadingRoute>> byPool = routes.now();
        List<ServiceState> services = new ArrayList<>();
        for (Followed one : followed.get()) {
            PoolSnapshot pool = one.pool().snapshot();
            List<LeadingRoute> leading = byPool.getOrDefault(one.pool(), List.of());
            Traffic traffic = sampler.service(pool.target(), LeadingRoute.names(leading));
            List<String> ofTcp = LeadingRoute.namesOfTcp(leading);
            services.add(new ServiceState(
                    one,
                    pool,
                    leading,
                    traffic,
                    ofTcp.isEmpty() ? null : connections.service(pool.target(), ofTcp),
                    ServiceTrouble.of(pool, one.watch().status(), traffic)));
        }
        services.sort(ServiceState.ORDER);
        return new Overview(
                balancer.get(),
                services,
                view,
                sampler,
                connections,
                time.wall().instant());
    }

    /**
     * The last minutes.
     *
     * @param service null for all together
     * @return null if there is no such service
     */
    @Nullable
    JsonObject history(@Nullable String service) {
        TrafficHistory history = sampler.history();
        boolean known = service == null
                || followed.get().stream().anyMatch(one -> one.pool().target().equals(service));
        return known ? TrafficJson.of(history.points(service)) : null;
    }
}
