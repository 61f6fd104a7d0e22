package dev.pointsman.balancer;

import dev.pointsman.balancer.config.BalancerConfig;
import dev.pointsman.balancer.config.Limits;
import dev.pointsman.balancer.config.ListenAddress;
import dev.pointsman.balancer.downstream.ConnectionLimit;
import dev.pointsman.balancer.downstream.Drain;
import dev.pointsman.balancer.proxy.ProxyVerticle;
import dev.pointsman.balancer.proxy.RoutePool;
import dev.pointsman.balancer.resilience.PoolTraffic;
import dev.pointsman.balancer.route.PoolSettings;
import dev.pointsman.balancer.route.Route;
import dev.pointsman.balancer.route.RouteTable;
import dev.pointsman.balancer.warmup.SyntheticLoad;
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
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs made-up requests through the data plane, so that the first clients meet code that the JVM has compiled. They
 * take the way that all requests take, on a port and to instances of their own: nothing of it is in the balancer's
 * pools, their counts or the admin API. docs/adr/0014 has what it is worth, and costs.
 */
final class WarmUp {
    private static final Logger log = LoggerFactory.getLogger(WarmUp.class);
    private static final String NAME = "warm-up";
    private static final String LOOPBACK = InetAddress.getLoopbackAddress().getHostAddress();

    private final Vertx data;
    private final Duration time;
    private final SyntheticLoad rehearsal;
    private final ProxyVerticle proxy;

    private WarmUp(Vertx data, BalancerConfig config, SyntheticLoad rehearsal) {
        this.data = data;
        this.time = config.warmUp();
        this.rehearsal = rehearsal;
        Route route = new Route("/", NAME);
        IdentityHashMap<Route, RoutePool> pools = new IdentityHashMap<>();
        pools.put(route, new RoutePool(pool(rehearsal.servicePort()), null, new PoolTraffic()));
        this.proxy = new ProxyVerticle(
                made(config, route),
                new RouteTable(List.of(route)),
                pools,
                new ConnectionLimit(Limits.DEFAULT.maxConnections()),
                new Drain());
    }

    /**
     * Warms up for {@link BalancerConfig#warmUp()}. Never fails: what goes wrong is logged, and the balancer starts
     * cold.
     *
     * @param data the Vert.x that clients will be served on
     * @return how many made-up requests got a response
     */
    static Future<Long> run(Vertx data, BalancerConfig config) {
        if (config.warmUp().isZero()) {
            return Future.succeededFuture(0L);
        }
        try {
            SyntheticLoad rehearsal = new SyntheticLoad();
            return new WarmUp(data, config, rehearsal).run();
        } catch (IOException broken) {
            tellOf(broken);
            return Future.succeededFuture(0L);
        }
    }

    /** Of the real one, what the way of a request depends on. Its limits could be too narrow for what is made up. */
    private static BalancerConfig made(BalancerConfig real, Route route) {
        return new BalancerConfig(
                new ListenAddress(LOOPBACK, 0),
                real.admin(),
                false,
                real.consul(),
                false,
                null,
                List.of(route),
                Limits.DEFAULT,
                real.forwarded(),
                real.trustedProxies(),
                Duration.ZERO,
                "");
    }

    /** Two instances, so that there is something to pick from; their names make no difference. */
    private static Pool pool(int port) {
        PoolSettings settings = PoolSettings.DEFAULT;
        Pool pool = new Pool(
                NAME,
                new Policies("", () -> 0).make(settings.policy()),
                settings.options(),
                new PoolTime(System::nanoTime, Clock.systemUTC()),
                change -> {});
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
                    rehearsal.begin(proxy.port());
                    return data.timer(time.toMillis())
                            .compose(over -> Future.fromCompletionStage(rehearsal.end()))
                            .eventually(proxy::drainAndClose)
                            .eventually(() -> data.undeploy(deployed));
                })
                .onSuccess(exchanges -> log.info("Warmed up by {} made-up requests", exchanges))
                .onFailure(WarmUp::tellOf)
                .eventually(this::close)
                .otherwise(broken -> rehearsal.exchanges());
    }

    private Future<Void> close() {
        try {
            rehearsal.close();
            return Future.succeededFuture();
        } catch (IOException broken) {
            tellOf(broken);
            return Future.failedFuture(broken);
        }
    }

    private static void tellOf(Throwable broken) {
        log.warn("The warm-up broke off ({}): the first requests will be slower", broken.toString());
    }
}
