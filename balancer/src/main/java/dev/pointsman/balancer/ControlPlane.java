package dev.pointsman.balancer;

import dev.pointsman.balancer.admin.AdminPart;
import dev.pointsman.balancer.admin.AuditLog;
import dev.pointsman.balancer.admin.BalancerReadiness;
import dev.pointsman.balancer.admin.CanaryPages;
import dev.pointsman.balancer.admin.ClaimsPage;
import dev.pointsman.balancer.admin.ConfigAccess;
import dev.pointsman.balancer.admin.ExplainApi;
import dev.pointsman.balancer.admin.InstancePages;
import dev.pointsman.balancer.admin.PlanApi;
import dev.pointsman.balancer.admin.RoutingPages;
import dev.pointsman.balancer.admin.StateChanges;
import dev.pointsman.balancer.admin.StateView;
import dev.pointsman.balancer.admin.WriteGuard;
import dev.pointsman.balancer.config.BalancerConfig;
import dev.pointsman.balancer.config.ConfigSource;
import dev.pointsman.balancer.downstream.AcceptGate;
import dev.pointsman.balancer.downstream.AcceptingTransport;
import dev.pointsman.balancer.fabio.FabioIndex;
import dev.pointsman.balancer.health.ActiveHealthChecks;
import dev.pointsman.balancer.history.ChangeCause;
import dev.pointsman.balancer.live.LiveConfig;
import dev.pointsman.balancer.proxy.RoutingSnapshot;
import dev.pointsman.balancer.route.ClaimTarget;
import dev.pointsman.balancer.route.RouteTable;
import dev.pointsman.canary.CanaryAgreement;
import dev.pointsman.pool.PoolTime;
import dev.pointsman.registry.ServiceView;
import dev.pointsman.registry.Watch;
import dev.pointsman.registry.consul.ChangeRehearsal;
import io.vertx.core.Future;
import io.vertx.core.VertxOptions;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What decides by which routes requests go, and to which instances: what the registry, the configuration and the admin API say,
 * which is served here too. All of it happens on an event loop of its own. Thread-safe.
 */
final class ControlPlane {
    private static final Logger log = LoggerFactory.getLogger(ControlPlane.class);

    /** How often canaries are compared with the others. */
    private static final Duration CANARY_TICK = Duration.ofMillis(250);

    private volatile BalancerConfig config;
    private final ConfigSource source;
    private final BalancerReadiness readiness;
    private final RequestObservation observation;
    private final DataPlane data;
    private final ControlLoop loop;
    private final RegistryConnection connection;
    private final RoutingControl routing;
    private final AdminRouting adminRouting;
    private final RegistryRoutes registryRoutes;
    private final StateChanges changes = new StateChanges(Clock.systemUTC());
    private final ActiveHealthChecks checks;
    private final Canaries canaries;
    private final Pools pools;
    private final StateView view;
    private final DrainedInstances drained;
    private final AdminPort admin;
    private final RememberedCanaries remembered;
    private final Handover handover;
    private final Instant createdAt = Instant.now();

    /**
     * One that knows nothing yet.
     *
     * @param config the one to start with
     * @param source reads others that are only asked about
     * @param data goes by what is decided here
     * @param predecessor what it knew counts here; null for none
     */
    ControlPlane(
            BalancerConfig config,
            ConfigSource source,
            BalancerReadiness readiness,
            RequestObservation observation,
            DataPlane data,
            @Nullable Predecessor predecessor) {
        Legacy inherited = Legacy.of(predecessor);
        this.remembered = new RememberedCanaries(inherited.canaries());
        this.config = config;
        this.source = source;
        this.readiness = readiness;
        this.observation = observation;
        this.data = data;
        this.loop = new ControlLoop(AcceptingTransport.vertx(
                new VertxOptions().setEventLoopPoolSize(1).setWorkerPoolSize(1),
                new AcceptGate("users of the admin API", System::nanoTime)));
        this.connection = new RegistryConnection(loop.vertx());
        this.checks = ActiveHealthChecks.on(loop.vertx(), () -> config().upstreamTls());
        PoolTime time = new PoolTime(System::nanoTime, Clock.systemUTC());
        this.canaries = new Canaries(time, agreement(), changes::canary);
        this.pools = new Pools(
                new Policies(config.stickySecret(), new SecureRandom()::nextLong),
                time,
                changes,
                new TargetSources(connection::instances, checks, this::prepareTls, this::followAnnounced),
                canaries);
        this.view = new StateView(pools::followed, changes, Clock.systemUTC());
        this.drained = new DrainedInstances(pools::all, Clock.systemUTC());
        drained.inherit(inherited.drained());
        pools.tellOfFresh(drained::tell);
        this.routing = new RoutingControl(
                new LiveRoutes(pools, this::firstViews, (settings, table) -> loop.back(data.apply(settings, table))),
                routes -> new RouteTable(routes, FabioIndex::new),
                Clock.systemUTC(),
                changes::routes);
        this.adminRouting = new AdminRouting(loop.vertx(), routing, () -> this.config);
        this.registryRoutes = new RegistryRoutes(loop, connection, routing, config);
        this.handover = new Handover(inherited, loop, pools, routing, this::legacy);
        this.admin = new AdminPort(loop, this::config, predecessor == null ? null : predecessor.admin());
    }

    private Future<Legacy> legacy(int clients) {
        return registryRoutes
                .legacy()
                .map(kv -> new Legacy(
                        connection.known(),
                        Handover.served(pools.all()),
                        clients,
                        kv,
                        drained.legacy(),
                        remembered.legacy(),
                        adminRouting.legacy()));
    }

    private CanaryAgreement agreement() {
        String prefix = config.announcements().canaryKv();
        return prefix == null
                ? remembered
                : new KvCanaryAgreement(connection::keyValues, prefix, (time, task) -> loop.vertx()
                        .setTimer(time.toMillis(), late -> task.run()));
    }

    /** Has the disk read and classes loaded before an event loop needs them, at the first connection over TLS. */
    private void prepareTls() {
        loop.vertx()
                .executeBlocking(
                        () -> {
                            config().upstreamTls().prepare();
                            return null;
                        },
                        false)
                .onFailure(broken -> log.error("TLS to instances cannot be used", broken));
    }

    private Watch followAnnounced(ClaimTarget target, Consumer<ServiceView> views) {
        return registryRoutes.follow(target, views);
    }

    /** What passes between this process and those before and after it. */
    Handover handover() {
        return handover;
    }

    /** The loop on which it happens. */
    ControlLoop loop() {
        return loop;
    }

    /** The configuration in force. */
    BalancerConfig config() {
        return config;
    }

    /** The routes in force. */
    RoutingSnapshot routes() {
        return routing.current();
    }

    /** The number of targets that routes have. */
    int targets() {
        return pools.targets();
    }

    /**
     * Connects to the registry, and begins to follow the targets of the routes.
     *
     * @return their watches, to be {@linkplain #firstViews waited} for
     */
    Future<List<Watch>> follow() {
        return connection
                .open(config, handover.inherited().services())
                .compose(opened ->
                        loop.begin(() -> adminRouting.open(handover.inherited().routes())))
                .compose(kept -> loop.call(() -> {
                    loop.vertx().setPeriodic(CANARY_TICK.toMillis(), timer -> canaries.tick());
                    return routing.begin(config, kept);
                }))
                .compose(watches -> loop.begin(() -> registryRoutes.begin(
                                config, handover.inherited().kv()))
                        .map(follows -> watches));
    }

    /** The port of the admin API. */
    AdminPort admin() {
        return admin;
    }

    /** Opens the admin port. */
    Future<Void> openAdmin() {
        return admin.open(view, this::trafficPages, this::decisionPages);
    }

    private TrafficPages trafficPages(@Nullable LiveConfig live) {
        return new TrafficPages(
                loop.vertx(),
                observation,
                pools,
                routing,
                view,
                changes,
                readiness,
                connection,
                live,
                data.tcp(),
                createdAt);
    }

    private List<AdminPart> decisionPages(WriteGuard guard, AuditLog audit, ConfigAccess access) {
        return List.of(
                new RoutingPages(adminRouting, access, guard, audit),
                new ClaimsPage(registryRoutes::claims),
                new CanaryPages(canaries::readmit, guard),
                new InstancePages(drained, guard),
                new ExplainApi(routing::current, () -> config, Clock.systemUTC()),
                new PlanApi(
                        loop.vertx(),
                        new Rehearsals(source, routing, data.proxies(), loop),
                        guard,
                        System::nanoTime,
                        Clock.systemUTC()));
    }

    /** Waits until targets were looked up, or given up. */
    Future<Void> firstViews(List<Watch> watches) {
        FirstViews views = new FirstViews(watches, config.consul().url(), System::nanoTime);
        readiness.awaiting(views::missing);
        return views.await(loop.vertx());
    }

    /**
     * Fails where the predecessor knows instances of a target of which the registry has told nothing here: who is served there is
     * served better.
     */
    Future<Void> allKnown() {
        return handover.lacking()
                .compose(lacking -> readiness.missing() == 0 || lacking.isEmpty()
                        ? Future.succeededFuture()
                        : Future.failedFuture(new StartException("the registry at "
                                + config.consul().url() + " has not said which instances "
                                + String.join(", ", lacking) + (lacking.size() == 1 ? " has" : " have"))));
    }

    /** Leaves the admin port and the cache file to another process; what is asked already gets its response. */
    Future<Void> leave() {
        connection.leaveCache();
        return admin.leave();
    }

    /** Has changes rehearsed beside the work, with a pool that nobody uses: see {@link ChangeRehearsal}. */
    void rehearseChanges() {
        Future<Void> unused = loop.call(() -> {
            connection.rehearse(pools.unused("a rehearsal")::apply);
            return null;
        });
    }

    /** Waits for the routes of the registry, for a bounded time. */
    Future<Void> firstRoutes() {
        return registryRoutes.awaitFirst();
    }

    /** Puts another configuration in force; completes with the table that is in force then. On the loop. */
    Future<RoutingSnapshot> reconfigure(BalancerConfig next, ChangeCause cause) {
        return adminRouting.reconfigure(
                next,
                () -> {
                    config = next;
                    return registryRoutes.under(next);
                },
                cause);
    }

    /** Ends the health checks and the watches, then the admin API, and writes down what they knew. */
    Future<Void> stop() {
        Future<Void> streamsEnded = admin.endStreams();
        checks.close();
        connection.close();
        return streamsEnded.eventually(admin::close).eventually(connection::writeCache);
    }

    /** Ends the loop. */
    Future<Void> close() {
        return loop.vertx().close();
    }
}
