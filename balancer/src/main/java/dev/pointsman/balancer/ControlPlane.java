package dev.pointsman.balancer;

import dev.pointsman.balancer.admin.AdminPart;
import dev.pointsman.balancer.admin.AdminServer;
import dev.pointsman.balancer.admin.AuditLog;
import dev.pointsman.balancer.admin.BalancerReadiness;
import dev.pointsman.balancer.admin.CanaryPages;
import dev.pointsman.balancer.admin.ClaimsPage;
import dev.pointsman.balancer.admin.ConfigAccess;
import dev.pointsman.balancer.admin.ExplainApi;
import dev.pointsman.balancer.admin.InstancePages;
import dev.pointsman.balancer.admin.LauncherAccess;
import dev.pointsman.balancer.admin.LauncherPages;
import dev.pointsman.balancer.admin.PlanApi;
import dev.pointsman.balancer.admin.RoutingPages;
import dev.pointsman.balancer.admin.StateChanges;
import dev.pointsman.balancer.admin.StateView;
import dev.pointsman.balancer.admin.SuccessorAccess;
import dev.pointsman.balancer.admin.TakeoverPage;
import dev.pointsman.balancer.admin.WriteGuard;
import dev.pointsman.balancer.config.BalancerConfig;
import dev.pointsman.balancer.config.ConfigSource;
import dev.pointsman.balancer.downstream.AcceptGate;
import dev.pointsman.balancer.downstream.AcceptingTransport;
import dev.pointsman.balancer.downstream.ConnectionLimit;
import dev.pointsman.balancer.downstream.InheritedSocket;
import dev.pointsman.balancer.fabio.FabioIndex;
import dev.pointsman.balancer.health.ActiveHealthChecks;
import dev.pointsman.balancer.history.ChangeCause;
import dev.pointsman.balancer.live.LiveConfig;
import dev.pointsman.balancer.proxy.RoutingSnapshot;
import dev.pointsman.balancer.route.ClaimTarget;
import dev.pointsman.balancer.route.RouteTable;
import dev.pointsman.balancer.upstream.UpstreamRoom;
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
import java.util.ArrayList;
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
    private final @Nullable Predecessor predecessor;
    private final RememberedCanaries remembered;
    private final Handover handover;
    private final Instant createdAt = Instant.now();

    private volatile @Nullable LiveConfig liveConfig;
    private volatile LauncherAccess launchers = LauncherAccess.NONE;
    private volatile SuccessorAccess successor = SuccessorAccess.NONE;
    private volatile @Nullable TrafficPages traffic;
    private volatile @Nullable AdminServer admin;

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
        this.predecessor = predecessor;
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

    /** Has the admin API show the launchers that run beside this balancer; before the start. */
    void showing(LauncherAccess access) {
        launchers = access;
    }

    /** Has the admin API start the process that takes this one's place; before the start. */
    void succeededBy(SuccessorAccess access) {
        successor = access;
    }

    /** Starting a process blocks, for some milliseconds at the least. */
    private Future<String> startSuccessor() {
        return loop.back(loop.vertx().executeBlocking(successor::start, false).compose(outcome -> outcome));
    }

    /** Has the admin API show a live configuration, and read it again when it is asked to; before the start. */
    void configuredBy(LiveConfig live) {
        liveConfig = live;
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

    /** Opens the admin port. */
    Future<Void> openAdmin() {
        AdminServer server =
                new AdminServer(loop.vertx(), config.admin(), config.hostNames(), config.limits(), view, adminParts());
        admin = server;
        InheritedSocket socket = predecessor == null ? null : predecessor.admin();
        if (socket != null) {
            AcceptingTransport.inherit(loop.vertx(), socket);
        }
        return server.listen()
                .recover(cause -> Future.failedFuture(StartException.notListening(
                        "the admin port", config.admin().toString(), "--admin", cause)))
                .mapEmpty();
    }

    private List<AdminPart> adminParts() {
        AuditLog audit = new AuditLog(Clock.systemUTC());
        WriteGuard guard = new WriteGuard(loop.vertx(), () -> config.adminAccess(), audit, System::nanoTime);
        LiveConfig live = liveConfig;
        TrafficPages seen = new TrafficPages(
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
        traffic = seen;
        ConfigAccess access = live == null ? ConfigAccess.FIXED : new LiveConfigAccess(loop.vertx(), live);
        List<AdminPart> parts = new ArrayList<>(seen.begin());
        parts.addAll(List.of(
                new RoutingPages(adminRouting, access, guard, audit),
                new ClaimsPage(registryRoutes::claims),
                new CanaryPages(canaries::readmit, guard),
                new InstancePages(drained, guard),
                new LauncherPages(loop.vertx(), launchers, guard),
                new TakeoverPage(this::startSuccessor, guard),
                new ExplainApi(routing::current, () -> config, Clock.systemUTC()),
                new PlanApi(
                        loop.vertx(),
                        new Rehearsals(source, routing, data.proxies(), loop),
                        guard,
                        System::nanoTime,
                        Clock.systemUTC())));
        return parts;
    }

    /** The admin API's port; 0 for none. */
    int adminPort() {
        AdminServer running = admin;
        return running == null ? 0 : running.port();
    }

    /** Takes what counts connections, as soon as there are any. */
    void connectionsCountedBy(ConnectionLimit clients, UpstreamRoom upstreams, @Nullable Certificates certificates) {
        TrafficPages shown = traffic;
        if (shown != null) {
            shown.connectionsCountedBy(clients, upstreams, certificates);
        }
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
        return AcceptingTransport.leavePort(loop.vertx(), adminPort());
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
        AdminServer serving = admin;
        TrafficPages streaming = traffic;
        Future<Void> streamsEnded = streaming == null
                ? Future.succeededFuture()
                : loop.call(() -> {
                    streaming.close();
                    return null;
                });
        checks.close();
        connection.close();
        return streamsEnded
                .eventually(() -> serving == null ? Future.succeededFuture() : serving.close())
                .eventually(connection::writeCache);
    }

    /** Ends the loop. */
    Future<Void> close() {
        return loop.vertx().close();
    }
}
