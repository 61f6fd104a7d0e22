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
import dev.pointsman.balancer.admin.WriteGuard;
import dev.pointsman.balancer.config.BalancerConfig;
import dev.pointsman.balancer.config.ConfigSource;
import dev.pointsman.balancer.config.ListenAddress;
import dev.pointsman.balancer.downstream.AcceptGate;
import dev.pointsman.balancer.downstream.AcceptingTransport;
import dev.pointsman.balancer.downstream.ConnectionLimit;
import dev.pointsman.balancer.downstream.Drain;
import dev.pointsman.balancer.fabio.FabioIndex;
import dev.pointsman.balancer.filter.RouteGates;
import dev.pointsman.balancer.health.ActiveHealthChecks;
import dev.pointsman.balancer.history.ChangeCause;
import dev.pointsman.balancer.live.LiveConfig;
import dev.pointsman.balancer.proxy.ProxyVerticle;
import dev.pointsman.balancer.proxy.RoutingSnapshot;
import dev.pointsman.balancer.route.ClaimTarget;
import dev.pointsman.balancer.route.PoolSettings;
import dev.pointsman.balancer.route.RouteOrigin.RouteSource;
import dev.pointsman.balancer.route.RouteTable;
import dev.pointsman.balancer.upstream.UpstreamRoom;
import dev.pointsman.balancer.warmup.WarmUp;
import dev.pointsman.canary.CanaryAgreement;
import dev.pointsman.pool.PoolTime;
import dev.pointsman.registry.ServiceView;
import dev.pointsman.registry.Watch;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running balancer: the only place that constructs long-lived objects.
 *
 * <p>Start, each step after the one before it:
 *
 * <ol>
 *   <li>the file of the access log is opened, with {@code --access-log};
 *   <li>the cache file is read, with {@code --view-file};
 *   <li>a watch on the registry and a pool for each target of the routes;
 *   <li>the admin API;
 *   <li>the wait for the {@linkplain FirstViews first view of every target}, for as long as the registry goes on responding; one
 *       from the cache file will do where the registry fails or takes its time;
 *   <li>the port for clients, on every core;
 *   <li>ready, and registered as {@value OwnRegistration#SERVICE}.
 * </ol>
 *
 * <p>Stop:
 *
 * <ol>
 *   <li>not ready any more, and in maintenance in the registry; each response asks its client to close the connection;
 *       clients are still accepted, for the grace;
 *   <li>the port closes, after whatever has connected by then was accepted; exchanges under way finish within the drain
 *       time, and a connection without one is closed once it was silent for a second;
 *   <li>connections to upstreams are closed;
 *   <li>deregistered: until now a launcher that replaces an instance had to know what is in flight here;
 *   <li>spans of traces that wait are sent, within two seconds;
 *   <li>the health checks and the watches end, then the admin API, and what they knew is in the cache file;
 *   <li>the last lines of the access log are written.
 * </ol>
 *
 * <p>Two Vert.x instances keep the planes apart: the data plane has an event loop per core, and what the registry and
 * the admin API do happens on a loop of their own.
 */
public final class Balancer {
    private static final Logger log = LoggerFactory.getLogger(Balancer.class);

    /** How often canaries are compared with the others. */
    private static final Duration CANARY_TICK = Duration.ofMillis(250);

    private volatile BalancerConfig config;
    private final ConfigSource source;
    private final ControlLoop control;
    private final Vertx data;
    private final RegistryConnection connection;
    private final RoutingControl routing;
    private final AdminRouting adminRouting;
    private final RegistryRoutes registryRoutes;
    private volatile @Nullable LiveConfig liveConfig;
    private final BalancerReadiness readiness = new BalancerReadiness(Clock.systemUTC());
    private volatile LauncherAccess launchers = LauncherAccess.NONE;
    private final Drain drain = new Drain();
    private final RouteGates gates = new RouteGates(System::nanoTime);
    private final RequestObservation observation;
    private final AcceptGate clientGate = new AcceptGate("clients", System::nanoTime);
    private final StateChanges changes = new StateChanges(Clock.systemUTC());
    private final ActiveHealthChecks checks;
    private final Canaries canaries;
    private final Pools pools;
    private final StateView view;
    private final DrainedInstances drained;
    private final Instant createdAt = Instant.now();
    private final List<ProxyVerticle> proxies = new CopyOnWriteArrayList<>();

    private volatile @Nullable TrafficPages traffic;
    private volatile @Nullable AdminServer admin;
    private volatile @Nullable OwnRegistration registration;
    private final Promise<Void> hurried = Promise.promise();
    private @Nullable Future<Void> stopping;

    private Balancer(BalancerConfig config, ConfigSource source) {
        this.config = config;
        this.source = source;
        this.observation = new RequestObservation(config);
        this.control = new ControlLoop(vertx(1, new AcceptGate("users of the admin API", System::nanoTime)));
        this.connection = new RegistryConnection(control.vertx());
        this.checks = ActiveHealthChecks.on(control.vertx());
        this.data = vertx(Runtime.getRuntime().availableProcessors(), clientGate);
        PoolTime time = new PoolTime(System::nanoTime, Clock.systemUTC());
        this.canaries = new Canaries(time, agreement(), changes::canary);
        this.pools = new Pools(
                new Policies(config.stickySecret(), new SecureRandom()::nextLong),
                time,
                changes,
                new TargetSources(connection::instances, checks, this::followAnnounced),
                canaries);
        this.view = new StateView(pools::followed, changes, Clock.systemUTC());
        this.drained = new DrainedInstances(pools::all, Clock.systemUTC());
        pools.tellOfFresh(drained::tell);
        this.routing = new RoutingControl(
                new LiveRoutes(
                        pools,
                        this::firstViews,
                        (settings, table) -> control.back(each(proxies, proxy -> proxy.apply(settings, table)))),
                routes -> new RouteTable(routes, FabioIndex::new),
                Clock.systemUTC(),
                changes::routes);
        this.adminRouting = new AdminRouting(control.vertx(), routing, () -> this.config);
        this.registryRoutes = new RegistryRoutes(control, connection, routing, config);
    }

    private CanaryAgreement agreement() {
        String prefix = config.announcements().canaryKv();
        return prefix == null
                ? CanaryAgreement.ALONE
                : new KvCanaryAgreement(connection::keyValues, prefix, (time, task) -> control.vertx()
                        .setTimer(time.toMillis(), late -> task.run()));
    }

    private static Vertx vertx(int eventLoops, AcceptGate gate) {
        return AcceptingTransport.vertx(
                new VertxOptions().setEventLoopPoolSize(eventLoops).setWorkerPoolSize(1), gate);
    }

    /** A balancer that has not begun to start, and can be stopped from now on. */
    public static Balancer create(BalancerConfig config) {
        return create(config, new ConfigSource(null, List.of(), Map.of()));
    }

    /**
     * A balancer that has not begun to start, and can be stopped from now on.
     *
     * @param source by which the configuration was read, and others are that are only asked about
     */
    public static Balancer create(BalancerConfig config, ConfigSource source) {
        return new Balancer(config, source);
    }

    /** Starts a balancer; see {@link #begin}. */
    public static Future<Balancer> start(BalancerConfig config) {
        return create(config).begin();
    }

    /** Starts, once; if a step fails, or {@link #stop} comes in between, what had been started is stopped again. */
    public Future<Balancer> begin() {
        return startInOrder().map(this).recover(cause -> stop().transform(stopped -> Future.failedFuture(cause)));
    }

    private Future<Void> startInOrder() {
        return control.begin(() -> observed(config))
                .compose(logging -> connection.open(config))
                .compose(opened -> control.begin(adminRouting::open))
                .compose(kept -> control.call(() -> {
                    control.vertx().setPeriodic(CANARY_TICK.toMillis(), timer -> canaries.tick());
                    return routing.begin(config, kept);
                }))
                .compose(watches ->
                        control.begin(() -> registryRoutes.under(config)).map(follows -> watches))
                .compose(watches -> {
                    AdminServer adminServer = new AdminServer(
                            control.vertx(), config.admin(), config.hostNames(), config.limits(), view, adminParts());
                    admin = adminServer;
                    return orSay(adminServer.listen(), "the admin port", config.admin(), "--admin")
                            .compose(listening ->
                                    begin("targets are looked up in the registry", () -> firstViews(watches)))
                            .compose(viewed ->
                                    begin("waits for the routes of the registry", registryRoutes::awaitFirst));
                })
                .compose(viewed -> begin("warms up", () -> WarmUp.run(
                                data, config, new Policies("", () -> 0).make(PoolSettings.DEFAULT.policy()))
                        .mapEmpty()))
                .compose(warm -> begin("opens the port for clients", this::openPort))
                .onSuccess(open -> beReady());
    }

    private Future<Void> begin(String step, Supplier<Future<Void>> start) {
        readiness.begin(step);
        return start.get();
    }

    private List<AdminPart> adminParts() {
        AuditLog audit = new AuditLog(Clock.systemUTC());
        WriteGuard guard = new WriteGuard(control.vertx(), () -> config.adminAccess(), audit, System::nanoTime);
        LiveConfig live = liveConfig;
        TrafficPages seen = new TrafficPages(
                control.vertx(), observation, pools, routing, view, changes, readiness, live, createdAt);
        traffic = seen;
        ConfigAccess access = live == null ? ConfigAccess.FIXED : new LiveConfigAccess(control.vertx(), live);
        List<AdminPart> parts = new ArrayList<>(seen.begin());
        parts.addAll(List.of(
                new RoutingPages(adminRouting, access, guard, audit),
                new ClaimsPage(registryRoutes::claims),
                new CanaryPages(canaries::readmit, guard),
                new InstancePages(drained, guard),
                new LauncherPages(control.vertx(), launchers, guard),
                new ExplainApi(routing::current, () -> config, Clock.systemUTC()),
                new PlanApi(
                        control.vertx(),
                        new Rehearsals(source, routing, proxies, control),
                        guard,
                        System::nanoTime,
                        Clock.systemUTC())));
        return parts;
    }

    /** Has the admin API show the launchers that run beside this balancer; before the start. */
    public void showing(LauncherAccess access) {
        launchers = access;
    }

    /** Has the admin API show a live configuration, and read it again when it is asked to; before the start. */
    public void configuredBy(LiveConfig live) {
        liveConfig = live;
    }

    private synchronized void beReady() {
        if (stopping == null) {
            readiness.become(BalancerReadiness.ReadinessState.READY);
            if (config.register()) {
                registration = OwnRegistration.begin(config, port(), adminPort());
            }
        }
    }

    /**
     * Puts another configuration in force, without a failed request: what may change while the balancer runs. Completes when
     * every event loop goes by it.
     *
     * @param cause why, for people: {@code SIGHUP}
     * @return the version of the table that is in force then
     */
    public Future<Long> reconfigure(BalancerConfig next, String cause) {
        return control.begin(() -> observed(next)
                        .compose(opened -> adminRouting.reconfigure(
                                next,
                                () -> {
                                    config = next;
                                    return registryRoutes.under(next);
                                },
                                new ChangeCause(RouteSource.FILE, cause)))
                        // Whichever is in force now.
                        .onComplete(over -> observation.settle(config)))
                .map(RoutingSnapshot::version);
    }

    /** Opens what the observation of requests needs under a configuration that is about to be in force. */
    private Future<Void> observed(BalancerConfig next) {
        return control.vertx().executeBlocking(() -> {
            observation.prepare(next);
            return null;
        });
    }

    /**
     * Opens the files of logs anew by their paths, after they were renamed: what logrotate asks for. Completes when it is done;
     * what cannot be opened stays as it was, and the log says so. Any thread.
     */
    public Future<Void> reopenLogs() {
        return Future.fromCompletionStage(observation.reopenLogs());
    }

    private Watch followAnnounced(ClaimTarget target, Consumer<ServiceView> views) {
        return registryRoutes.follow(target, views);
    }

    private Future<Void> firstViews(List<Watch> watches) {
        FirstViews views = new FirstViews(watches, config.consul().url(), System::nanoTime);
        readiness.awaiting(views::missing);
        return views.await(control.vertx());
    }

    private Future<Void> openPort() {
        DescriptorBudget descriptors =
                DescriptorBudget.ofThisProcess(config.limits().maxConnections(), pools.targets());
        if (descriptors.isShort()) {
            log.warn("{}", descriptors);
        }
        clientGate.limit(descriptors.sockets());
        ConnectionLimit admission = new ConnectionLimit(descriptors.clients(), System::nanoTime);
        UpstreamRoom room = new UpstreamRoom(descriptors.upstreams());
        TrafficPages shown = traffic;
        if (shown != null) {
            shown.connectionsCountedBy(admission, room);
        }
        DeploymentOptions onePerCore =
                new DeploymentOptions().setInstances(Runtime.getRuntime().availableProcessors());
        Future<String> deployed = data.deployVerticle(
                () -> {
                    ProxyVerticle proxy = new ProxyVerticle(
                            config, routing.current(), admission, room, drain, gates, observation.ofNextLoop());
                    proxies.add(proxy);
                    return proxy;
                },
                onePerCore);
        return orSay(deployed, "the port for clients", config.listen(), "--port")
                .mapEmpty();
    }

    private static <T> Future<T> orSay(Future<T> listening, String what, ListenAddress where, String flag) {
        return listening.recover(
                cause -> Future.failedFuture(StartException.notListening(what, where.toString(), flag, cause)));
    }

    /** The port that clients are served on. */
    public int port() {
        return proxies.isEmpty() ? 0 : proxies.get(0).port();
    }

    /** The admin API's port. */
    public int adminPort() {
        AdminServer running = admin;
        return running == null ? 0 : running.port();
    }

    /**
     * Stops the balancer in the order that the class describes. Completes when everything is closed, within the grace, the
     * drain time and a few seconds. Asked again, it replies the same.
     */
    public synchronized Future<Void> stop() {
        Future<Void> begun = stopping;
        if (begun == null) {
            begun = stopInOrder();
            stopping = begun;
        }
        return begun;
    }

    /** Has a stop, whether it has begun or not, wait for nothing: what is in flight is cut off. */
    public Future<Void> stopNow() {
        hurried.tryComplete();
        return stop();
    }

    private Future<Void> stopInOrder() {
        readiness.become(BalancerReadiness.ReadinessState.STOPPING);
        drain.begin();
        OwnRegistration registered = registration;
        if (registered != null) {
            registered.startMaintenance();
        }
        return grace().compose(over -> unlessHurried(each(proxies, ProxyVerticle::drainAndClose)))
                .eventually(() -> each(proxies, ProxyVerticle::close))
                .onComplete(closed -> gates.close())
                .eventually(this::deregister)
                .eventually(() -> unlessHurried(endTracing()))
                .eventually(this::stopControl)
                .eventually(data::close)
                .eventually(() -> Future.fromCompletionStage(observation.close()))
                .eventually(control.vertx()::close);
    }

    private Future<Void> endTracing() {
        return control.vertx()
                .executeBlocking(
                        () -> {
                            observation.endTracing();
                            return null;
                        },
                        false);
    }

    private Future<Void> deregister() {
        OwnRegistration registered = registration;
        return registered == null
                ? Future.succeededFuture()
                : control.vertx()
                        .executeBlocking(
                                () -> {
                                    registered.end();
                                    return null;
                                },
                                false);
    }

    private Future<Void> grace() {
        Duration grace = config.limits().grace();
        if (port() == 0 || grace.isZero()) {
            return Future.succeededFuture();
        }
        Promise<Void> over = Promise.promise();
        control.vertx().setTimer(grace.toMillis(), fired -> over.complete());
        return unlessHurried(over.future());
    }

    private Future<Void> unlessHurried(Future<Void> waited) {
        Promise<Void> over = Promise.promise();
        waited.onSuccess(over::tryComplete).onFailure(over::tryFail);
        hurried.future().onSuccess(over::tryComplete);
        return over.future();
    }

    private Future<Void> stopControl() {
        AdminServer serving = admin;
        TrafficPages streaming = traffic;
        Future<Void> streamsEnded = streaming == null
                ? Future.succeededFuture()
                : control.call(() -> {
                    streaming.close();
                    return null;
                });
        checks.close();
        connection.close();
        return streamsEnded
                .eventually(() -> serving == null ? Future.succeededFuture() : serving.close())
                .eventually(connection::writeCache);
    }

    private static <T> Future<Void> each(List<T> all, Function<T, Future<Void>> stop) {
        return Future.join(all.stream().map(stop).toList()).mapEmpty();
    }
}
