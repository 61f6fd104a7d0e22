package dev.pointsman.balancer;

import dev.pointsman.balancer.admin.BalancerReadiness;
import dev.pointsman.balancer.admin.LauncherAccess;
import dev.pointsman.balancer.admin.SuccessorAccess;
import dev.pointsman.balancer.config.BalancerConfig;
import dev.pointsman.balancer.config.ConfigSource;
import dev.pointsman.balancer.config.ListenAddress;
import dev.pointsman.balancer.downstream.ConnectionLimit;
import dev.pointsman.balancer.history.ChangeCause;
import dev.pointsman.balancer.live.LiveConfig;
import dev.pointsman.balancer.live.NotAppliedException;
import dev.pointsman.balancer.proxy.RoutingSnapshot;
import dev.pointsman.balancer.route.RouteOrigin.RouteSource;
import dev.pointsman.balancer.tls.UpstreamTls;
import dev.pointsman.balancer.upstream.UpstreamRoom;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running balancer: its two planes, and the order in which all starts and stops. It and they are the only places that
 * construct long-lived objects.
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
 *   <li>ready, and a second later registered as {@value OwnRegistration#SERVICE}; changes are rehearsed for half a minute.
 * </ol>
 *
 * <p>With a {@link Predecessor} that serves clients the admin API comes last, right before that one leaves.
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
 * <p>Two Vert.x instances keep the planes apart: the {@link DataPlane} has an event loop per core, and what the registry and
 * the admin API do happens on the {@link ControlPlane}'s own.
 */
public final class Balancer {
    private static final Logger log = LoggerFactory.getLogger(Balancer.class);

    /** Nobody waits for the entry, while the first clients wait for a JVM that is still busy; it would take a core for 0.3 s. */
    private static final Duration BEFORE_REGISTRATION = Duration.ofSeconds(1);

    private final BalancerReadiness readiness = new BalancerReadiness(Clock.systemUTC());
    private final RequestObservation observation;
    private final DataPlane data;
    private final ControlPlane control;
    private final @Nullable Predecessor predecessor;

    private final OwnEntry entry;
    private final FollowedCertificates certificates;
    /** The clients' connections that are served at a time. */
    private volatile int admitted;

    private final Promise<Void> hurried = Promise.promise();
    private @Nullable Future<Void> stopping;

    private Balancer(BalancerConfig config, ConfigSource source, @Nullable Predecessor predecessor) {
        this.predecessor = predecessor;
        this.observation = new RequestObservation(config);
        this.data = new DataPlane(observation);
        this.control = new ControlPlane(config, source, readiness, observation, data, predecessor);
        this.entry = new OwnEntry(control.loop().vertx());
        this.certificates = new FollowedCertificates(control.loop().vertx());
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
        return create(config, source, null);
    }

    /**
     * The same, which takes the place of another process once it is ready.
     *
     * @param predecessor that process; null for none
     */
    public static Balancer create(BalancerConfig config, ConfigSource source, @Nullable Predecessor predecessor) {
        return new Balancer(config, source, predecessor);
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
        return control.loop()
                .begin(() -> observed(control.config()))
                .compose(observing -> control.follow())
                .compose(watches -> (isTakeover() ? Future.<Void>succeededFuture() : control.openAdmin())
                        .compose(listening ->
                                begin("targets are looked up in the registry", () -> control.firstViews(watches))))
                .compose(viewed -> begin("waits for the routes of the registry", control::firstRoutes))
                .compose(routed -> isTakeover() ? control.allKnown() : Future.<Void>succeededFuture())
                .compose(known -> begin("opens the port for clients", this::openPort))
                .compose(open -> isTakeover() ? takeOver() : Future.<Void>succeededFuture())
                .onSuccess(open -> beReady());
    }

    private boolean isTakeover() {
        return predecessor != null && predecessor.isServing();
    }

    /** From now on the predecessor's users of the admin API come here, who are told that all is ready, as it is. */
    private Future<Void> takeOver() {
        Predecessor from = Objects.requireNonNull(predecessor);
        readiness.become(BalancerReadiness.ReadinessState.READY);
        return control.openAdmin().compose(listening -> from.leave());
    }

    private Future<Void> begin(String step, Supplier<Future<Void>> start) {
        readiness.begin(step);
        return start.get();
    }

    /** Has the admin API show the launchers that run beside this balancer; before the start. */
    public void showing(LauncherAccess access) {
        control.admin().showing(access);
    }

    /** Has the admin API start the process that takes this one's place; before the start. */
    public void succeededBy(SuccessorAccess access) {
        control.admin().succeededBy(access);
    }

    /** Completes when every event loop has done something: a sign of life. */
    public Future<Void> respond() {
        return Future.join(data.respond(), control.loop().call(() -> "responds"))
                .mapEmpty();
    }

    /** Has the admin API show a live configuration, and read it again when it is asked to; before the start. */
    public void configuredBy(LiveConfig live) {
        control.admin().configuredBy(live);
    }

    private synchronized void beReady() {
        if (stopping == null) {
            readiness.become(BalancerReadiness.ReadinessState.READY);
            control.rehearseChanges();
            if (control.config().register()) {
                control.loop()
                        .vertx()
                        .setTimer(
                                BEFORE_REGISTRATION.toMillis(),
                                late -> entry.begin(control.config(), port(), adminPort()));
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
        return control.loop()
                .begin(() -> observed(next)
                        .compose(opened -> data.change(next.listeners()).recover(Balancer::notApplied))
                        .compose(ports -> control.reconfigure(next, new ChangeCause(RouteSource.FILE, cause))
                                .onFailure(refused -> ports.abandon())
                                .compose(routes -> ports.commit().map(routes)))
                        .compose(routes ->
                                certificates.apply(control.config().tls()).map(routes))
                        // Whichever is in force now.
                        .onComplete(over -> observation.settle(control.config())))
                .map(RoutingSnapshot::version);
    }

    private static <T> Future<T> notApplied(Throwable failed) {
        return Future.failedFuture(new NotAppliedException(String.valueOf(failed.getMessage()), failed));
    }

    /** Opens what the observation of requests needs under a configuration that is about to be in force. */
    private Future<Void> observed(BalancerConfig next) {
        return control.loop().vertx().executeBlocking(() -> {
            observation.prepare(next);
            if (next.upstreamTls() != UpstreamTls.OF_JDK) {
                next.upstreamTls().prepare();
            }
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

    private Future<Void> openPort() {
        BalancerConfig config = control.config();
        DescriptorBudget descriptors =
                DescriptorBudget.ofThisProcess(config.limits().maxConnections(), control.targets());
        int before = isTakeover() ? control.handover().inherited().clients() : 0;
        if (descriptors.isShortBeside(before)) {
            return Future.failedFuture(new StartException("this process may have " + descriptors.limit()
                    + " file descriptors (ulimit -n), enough for " + descriptors.clients()
                    + " client connections, and the one that runs admits " + before
                    + " (expected: a limit as that one has)"));
        }
        if (descriptors.isShort()) {
            log.warn("{}", descriptors);
        }
        admitted = descriptors.clients();
        ConnectionLimit clients = new ConnectionLimit(descriptors.clients(), System::nanoTime);
        UpstreamRoom upstreams = new UpstreamRoom(descriptors.upstreams());
        return certificates
                .open(config, predecessor == null ? null : InheritedTickets.of(predecessor.legacy()))
                .compose(opened -> {
                    control.admin().connectionsCountedBy(clients, upstreams, opened);
                    return data.open(
                            config,
                            predecessor == null ? Map.of() : predecessor.clients(),
                            control::routes,
                            descriptors.sockets(),
                            clients,
                            upstreams,
                            opened == null ? null : opened.front());
                });
    }

    /**
     * What only this process knows, for the one that takes its place: what the registry last said, drained instances, what became of
     * canaries, routes that were given by the admin API, and secrets of session tickets: not to be logged or kept.
     */
    public Future<JsonObject> legacy() {
        return control.handover().legacy(admitted).map(certificates::addTo);
    }

    /**
     * Leaves the ports and the entry in the registry to another process, which accepts on them already. Completes when nothing
     * comes here any more; {@link #stop} then waits for what is in flight. Never fails.
     *
     * @param taken the ports for clients that the other process has, as {@link #addresses} names them; the others are closed
     */
    public Future<Void> leave(Predicate<ListenAddress> taken) {
        Future<Void> left = entry.leave();
        data.beginDrain();
        return Future.join(data.leavePorts(taken), control.leave(), left)
                .<Void>mapEmpty()
                .otherwiseEmpty();
    }

    /** The first port that clients are served on; 0 for none. */
    public int port() {
        List<ListenAddress> all = addresses();
        return all.isEmpty() ? 0 : all.get(0).port();
    }

    /** The numbers of {@link #addresses}. */
    public List<Integer> ports() {
        return addresses().stream().map(ListenAddress::port).toList();
    }

    /**
     * Where clients are served: the hosts as they are configured, and the numbers that the ports have. In the order in which they were opened,
     * which is that of the configuration at the start: those of HTTP, then those of TCP.
     */
    public List<ListenAddress> addresses() {
        return data.addresses();
    }

    /** The admin API's port. */
    public int adminPort() {
        return control.admin().port();
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
        if (!entry.isLeft()) {
            // Who is still connected to the admin port of a process that has left asks about the one in its place.
            readiness.become(BalancerReadiness.ReadinessState.STOPPING);
        }
        data.beginDrain();
        entry.startMaintenance();
        return grace().compose(over -> unlessHurried(data.drainAndClose()))
                .eventually(data::closeConnections)
                .eventually(entry::end)
                .eventually(() -> unlessHurried(endTracing()))
                .eventually(control::stop)
                .eventually(data::close)
                .eventually(certificates::close)
                .eventually(() -> Future.fromCompletionStage(observation.close()))
                .eventually(control::close);
    }

    private Future<Void> endTracing() {
        return control.loop()
                .vertx()
                .executeBlocking(
                        () -> {
                            observation.endTracing();
                            return null;
                        },
                        false);
    }

    private Future<Void> grace() {
        Duration grace = control.config().limits().grace();
        if (entry.isLeft() || port() == 0 || grace.isZero()) {
            return Future.succeededFuture();
        }
        Promise<Void> over = Promise.promise();
        control.loop().vertx().setTimer(grace.toMillis(), fired -> over.complete());
        return unlessHurried(over.future());
    }

    private Future<Void> unlessHurried(Future<Void> waited) {
        Promise<Void> over = Promise.promise();
        waited.onSuccess(over::tryComplete).onFailure(over::tryFail);
        hurried.future().onSuccess(over::tryComplete);
        return over.future();
    }
}
