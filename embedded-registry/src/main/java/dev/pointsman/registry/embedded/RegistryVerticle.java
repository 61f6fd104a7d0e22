package dev.pointsman.registry.embedded;

import dev.pointsman.http.CallerRule;
import dev.pointsman.http.GuardedServer;
import dev.pointsman.http.PortLimits;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The verticle that puts the registry's parts together; they all run on its context.
 *
 * <p>Start: the catalog with its own node, the checks, the API, then the port. Stop: responses to the blocked queries,
 * the checks, the port once the responses are out, the checks' clients.
 */
final class RegistryVerticle extends VerticleBase {

    /** A client's own pool closes what was idle before this one does, in every client that we know of. */
    private static final PortLimits LIMITS = new PortLimits(
            64 * 1024, HttpApi.MAX_BODY, 8192, Duration.ofSeconds(10), Duration.ofSeconds(30), Duration.ofMinutes(15));

    private final EmbeddedRegistry.Options options;
    private final Clock clock;
    private volatile int port;
    private volatile boolean stopped;

    private @Nullable HttpServer server;
    private @Nullable BlockedQueries blocked;
    private @Nullable Checks checks;
    private @Nullable VertxProber prober;

    RegistryVerticle(EmbeddedRegistry.Options options) {
        this(options, Clock.systemUTC());
    }

    RegistryVerticle(EmbeddedRegistry.Options options, Clock clock) {
        this.options = options;
        this.clock = clock;
    }

    int port() {
        return port;
    }

    boolean isStopped() {
        return stopped;
    }

    /** How many queries are blocked at this moment. */
    Future<Integer> waiting() {
        Promise<Integer> count = Promise.promise();
        context.runOnContext(now -> count.complete(blocked == null ? 0 : blocked.size()));
        return count.future();
    }

    @Override
    public Future<?> start() {
        SplittableRandom random = new SplittableRandom();
        Timers timers = (delay, task) -> {
            long id = vertx.setTimer(Math.max(1, delay.toMillis()), fired -> task.run());
            return () -> vertx.cancelTimer(id);
        };
        BlockedQueries queries = new BlockedQueries(timers, random);
        blocked = queries;
        Indexes indexes = new Indexes(clock.millis(), queries::wake);
        Catalog catalog = new Catalog(indexes, SelfNode.node(options.nodeName(), address()));
        catalog.putService(SelfNode.service(), List.of(SelfNode.alive()), false);
        LocalAgent agent = new LocalAgent(catalog);
        VertxProber vertxProber = new VertxProber(vertx);
        prober = vertxProber;
        Checks runner = new Checks(
                agent, vertxProber, timers, random, options.minDeregisterAfter(), options.minCheckInterval());
        checks = runner;
        agent.setChecks(runner);
        ConsistentReads reads = new ConsistentReads(catalog, queries, options.datacenter());
        ConsulJsonWriter writer = new ConsulJsonWriter(options.datacenter(), catalog.node());
        KvStore store = new KvStore(indexes);
        Sessions sessions =
                new Sessions(indexes, store, timers, () -> UUID.randomUUID().toString(), options.nodeName());
        Router router = new Router();
        new AgentApi(agent, catalog, runner, options.datacenter()).addTo(router);
        new AgentServiceApi(agent, reads, writer).addTo(router);
        new AgentHealthApi(agent, writer).addTo(router);
        new AgentCheckApi(agent, writer).addTo(router);
        new CatalogApi(catalog, reads, writer, options.datacenter()).addTo(router);
        new HealthApi(catalog, reads, writer).addTo(router);
        sessions.addTo(router);
        new KvApi(store, sessions, reads, writer).addTo(router);
        return listen(new HttpApi(router));
    }

    private Future<?> listen(HttpApi api) {
        HttpServer http = GuardedServer.create(
                vertx,
                new HttpServerOptions().setCompressionSupported(true).setTcpNoDelay(true),
                LIMITS,
                new CallerRule(options.host(), options.hostNames()),
                GuardedServer.RefusalForm.TEXT);
        server = http;
        return http.requestHandler(api::handle)
                .listen(options.port(), options.host())
                .onSuccess(listening -> port = listening.actualPort());
    }

    /** The address of the node, and so of its services that have none of their own. */
    private String address() {
        String host = options.host();
        boolean anywhere = host.equals("0.0.0.0") || host.equals("::");
        return anywhere || host.equals("localhost") ? "127.0.0.1" : host;
    }

    @Override
    public Future<?> stop() {
        stopped = true;
        if (blocked != null) {
            blocked.stop();
        }
        if (checks != null) {
            checks.stopAll();
        }
        Future<Void> closed = server == null ? Future.succeededFuture() : server.shutdown(1, TimeUnit.SECONDS);
        VertxProber vertxProber = prober;
        return vertxProber == null ? closed : closed.eventually(vertxProber::close);
    }
}
