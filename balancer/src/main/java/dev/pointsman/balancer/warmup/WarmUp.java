package dev.pointsman.balancer.warmup;

import dev.pointsman.balancer.config.AdminAccess;
import dev.pointsman.balancer.config.Announcements;
import dev.pointsman.balancer.config.BalancerConfig;
import dev.pointsman.balancer.config.Limits;
import dev.pointsman.balancer.config.ListenAddress;
import dev.pointsman.balancer.config.RouteDocuments;
import dev.pointsman.balancer.downstream.ConnectionLimit;
import dev.pointsman.balancer.downstream.Drain;
import dev.pointsman.balancer.filter.RouteGates;
import dev.pointsman.balancer.metrics.Buckets;
import dev.pointsman.balancer.metrics.TrafficMeters;
import dev.pointsman.balancer.observe.LoopObservers;
import dev.pointsman.balancer.proxy.ProxyVerticle;
import dev.pointsman.balancer.proxy.RoutePool;
import dev.pointsman.balancer.proxy.RoutingSnapshot;
import dev.pointsman.balancer.resilience.PoolTraffic;
import dev.pointsman.balancer.route.PoolSettings;
import dev.pointsman.balancer.route.Route;
import dev.pointsman.balancer.route.RouteTable;
import dev.pointsman.balancer.upstream.UpstreamRoom;
import dev.pointsman.pool.PickPolicy;
import dev.pointsman.pool.Pool;
import dev.pointsman.pool.PoolTime;
import dev.pointsman.registry.Health;
import dev.pointsman.registry.Instance;
import dev.pointsman.registry.InstanceKey;
import dev.pointsman.registry.ServiceView;
import dev.pointsman.registry.Weights;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The warm-up: made-up requests run through the data plane, so that the first clients meet code that the JVM has
 * compiled. They take the way that all requests take, on a port and to instances of their own: nothing of it is in the
 * balancer's pools, their counts or the admin API. docs/adr/0014 has what it is worth, and costs.
 */
public final class WarmUp {
    private static final Logger log = LoggerFactory.getLogger(WarmUp.class);
    private static final String NAME = "warm-up";
    private static final String LOOPBACK = InetAddress.getLoopbackAddress().getHostAddress();

    private final Vertx data;
    private final Duration time;
    private final SyntheticLoad load;
    private final ProxyVerticle proxy;

    private WarmUp(Vertx data, BalancerConfig config, PickPolicy policy, SyntheticLoad load) {
        this.data = data;
        this.time = config.warmUp();
        this.load = load;
        Route route = new Route("/", NAME);
        RoutePool pool = new RoutePool(pool(policy, load.servicePort()), null, new PoolTraffic());
        this.proxy = new ProxyVerticle(
                made(config, route),
                new RoutingSnapshot(1, new RouteTable(List.of(route)), List.of(List.of(pool))),
                new ConnectionLimit(Limits.DEFAULT.maxConnections(), System::nanoTime),
                new UpstreamRoom(UpstreamRoom.ANY),
                new Drain(),
                new RouteGates(System::nanoTime),
                WarmUp::counted);
    }

    /**
     * Warms up for {@link BalancerConfig#warmUp()}. Never fails: what goes wrong is logged, and the balancer starts
     * cold.
     *
     * @param data the Vert.x that clients will be served on
     * @param policy picks instances, for the warm-up alone
     * @return how many made-up requests got a response
     */
    public static Future<Long> run(Vertx data, BalancerConfig config, PickPolicy policy) {
        if (config.warmUp().isZero()) {
            return Future.succeededFuture(0L);
        }
        try {
            SyntheticLoad load = new SyntheticLoad();
            return new WarmUp(data, config, policy, load).run();
        } catch (IOException broken) {
            logFailure(broken);
            return Future.succeededFuture(0L);
        }
    }

    /**
     * A configuration with those of the real settings that a request's way depends on. Their limits could be too narrow
     * for this load.
     */
    private static BalancerConfig made(BalancerConfig real, Route route) {
        return new BalancerConfig(
                new ListenAddress(LOOPBACK, 0),
                real.admin(),
                real.hostNames(),
                false,
                real.consul(),
                false,
                null,
                real.retain(),
                List.of(route),
                true,
                Limits.DEFAULT,
                real.forwarded(),
                real.underscoreFields(),
                real.trustedProxies(),
                Duration.ZERO,
                "",
                AdminAccess.NONE,
                null,
                RouteDocuments.DEFAULT,
                Announcements.NONE,
                real.observation());
    }

    /** Counted as real requests are, for nobody. */
    private static LoopObservers counted(BalancerConfig config, Executor loop) {
        TrafficMeters meters =
                new TrafficMeters(new Buckets(config.observation().buckets()));
        return config.observation().metrics()
                ? new LoopObservers(List.of(meters.addLoop()), null, System::nanoTime, loop)
                : LoopObservers.NONE;
    }

    /** A pool of two instances, so that there is a choice; their names make no difference. */
    private static Pool pool(PickPolicy policy, int port) {
        PoolSettings settings = PoolSettings.DEFAULT;
        Pool pool = new Pool(
                NAME, policy, settings.options(), new PoolTime(System::nanoTime, Clock.systemUTC()), change -> {});
        pool.apply(new ServiceView(
                NAME, Stream.of("a", "b").map(id -> instance(id, port)).toList()));
        return pool;
    }

    private static Instance instance(String id, int port) {
        InstanceKey key = new InstanceKey(NAME, id);
        return new Instance(key, NAME, LOOPBACK, port, List.of(), Map.of(), Weights.DEFAULT, Health.PASSING, "");
    }

    private Future<Long> run() {
        log.info("Warming up for {} ms", time.toMillis());
        return data.deployVerticle(proxy)
                .compose(deployed -> {
                    load.begin(proxy.port());
                    return data.timer(time.toMillis())
                            .compose(over -> Future.fromCompletionStage(load.end()))
                            .eventually(proxy::close)
                            .eventually(() -> data.undeploy(deployed));
                })
                .onSuccess(exchanges -> log.info("Warmed up by {} made-up requests", exchanges))
                .onFailure(WarmUp::logFailure)
                .onComplete(over -> load.close())
                .otherwise(broken -> load.exchanges());
    }

    private static void logFailure(Throwable broken) {
        log.warn("The warm-up broke off ({}): the first requests will be slower", broken.toString());
    }
}
