package dev.pointsman.registry.embedded;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.time.Clock;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts the registry's parts together, and is the one context that they all run on.
 *
 * <p>Start: the catalog with its own node, the checks, the API, then the port. Stop: blocked queries answered, checks
 * stopped, the port closed once the answers are out, the checks' clients.
 */
final class RegistryVerticle extends VerticleBase {
    private static final Logger LOG = LoggerFactory.getLogger(RegistryVerticle.class);
    private static final int MAX_HEAD = 64 * 1024;

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
        Indexes indexes = new Indexes(clock.millis(), queries::wake);
        Catalog catalog = new Catalog(indexes);
        String node = options.nodeName();
        catalog.putNode(SelfNode.node(node, address()));
        catalog.putService(SelfNode.service(node), List.of(SelfNode.alive(node)), false);
        LocalAgent agent = new LocalAgent(catalog, node);
        VertxProber itsProber = new VertxProber(vertx);
        Checks itsChecks = new Checks(agent, itsProber, timers, random, options.minDeregisterAfter());
        agent.runsIts(itsChecks);
        blocked = queries;
        checks = itsChecks;
        prober = itsProber;
        Router router = router(catalog, agent, itsChecks, queries);
        KvStore store = new KvStore(indexes);
        Sessions sessions =
                new Sessions(indexes, store, timers, () -> UUID.randomUUID().toString(), node);
        ConsistentReads reads = new ConsistentReads(catalog, queries, options.datacenter());
        sessions.addTo(router, reads);
        new KvApi(store, sessions, reads, new ConsulJsonWriter(options.datacenter())).addTo(router);
        HttpServer its = vertx.createHttpServer(new HttpServerOptions()
                .setMaxInitialLineLength(MAX_HEAD)
                .setMaxHeaderSize(MAX_HEAD)
                .setCompressionSupported(true)
                .setTcpNoDelay(true));
        server = its;
        // A client that was killed leaves its connections broken; without this, Vert.x logs each as an error.
        its.connectionHandler(connection -> connection.exceptionHandler(
                broken -> LOG.debug("{}: {}", connection.remoteAddress(), broken.toString())));
        return its.requestHandler(new HttpApi(router)::handle)
                .listen(options.port(), options.host())
                .onSuccess(listening -> port = listening.actualPort());
    }

    private Router router(Catalog catalog, LocalAgent agent, Checks itsChecks, BlockedQueries queries) {
        String datacenter = options.datacenter();
        Router router = new Router();
        ConsistentReads reads = new ConsistentReads(catalog, queries, datacenter);
        ConsulJsonWriter shapes = new ConsulJsonWriter(datacenter);
        new AgentApi(agent, catalog, itsChecks, datacenter).addTo(router);
        new AgentServiceApi(agent, reads, shapes).addTo(router);
        new AgentHealthApi(agent, shapes).addTo(router);
        new AgentCheckApi(agent, shapes).addTo(router);
        new CatalogApi(catalog, reads, shapes, datacenter).addTo(router);
        new ExternalNodes(catalog, agent.node()).addTo(router);
        new HealthApi(catalog, reads, shapes).addTo(router);
        return router;
    }

    /** The node's address is what its services without one are reached at. */
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
        VertxProber itsProber = prober;
        return itsProber == null ? closed : closed.eventually(itsProber::close);
    }
}
