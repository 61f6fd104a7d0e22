package dev.pointsman.balancer;

import dev.pointsman.balancer.config.BalancerConfig;
import dev.pointsman.balancer.config.ListenAddress;
import dev.pointsman.balancer.config.Listener;
import dev.pointsman.balancer.downstream.AcceptGate;
import dev.pointsman.balancer.downstream.ClientPorts;
import dev.pointsman.balancer.downstream.ClientPorts.PortChange;
import dev.pointsman.balancer.downstream.ConnectionLimit;
import dev.pointsman.balancer.downstream.Drain;
import dev.pointsman.balancer.downstream.InheritedSocket;
import dev.pointsman.balancer.downstream.PortNotOpenedException;
import dev.pointsman.balancer.filter.RouteGates;
import dev.pointsman.balancer.proxy.ProxyVerticle;
import dev.pointsman.balancer.proxy.RoutingSnapshot;
import dev.pointsman.balancer.tcp.TcpTraffic;
import dev.pointsman.balancer.tls.TlsFront;
import dev.pointsman.balancer.upstream.UpstreamRoom;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What serves clients: an event loop per core, each with its {@link ProxyVerticle}, and what these share. Thread-safe. */
final class DataPlane {
    private final RequestObservation observation;
    private final AcceptGate gate = new AcceptGate("clients", System::nanoTime);
    private final Drain drain = new Drain();
    private final RouteGates gates = new RouteGates(System::nanoTime);
    private final TcpTraffic tcp = new TcpTraffic();
    private final Vertx vertx;
    private final ClientPorts ports;
    private final List<ProxyVerticle> proxies = new CopyOnWriteArrayList<>();
    private volatile boolean isOpen;

    /**
     * One that serves nobody yet.
     *
     * @param observation has each event loop's requests counted, traced and logged
     */
    DataPlane(RequestObservation observation) {
        this.observation = observation;
        this.vertx =
                Vertx.vertx(new VertxOptions().setEventLoopPoolSize(cores()).setWorkerPoolSize(1));
        this.ports = new ClientPorts(vertx, gate);
    }

    private static int cores() {
        return Runtime.getRuntime().availableProcessors();
    }

    /**
     * Opens the ports for clients, on every core.
     *
     * @param inherited the sockets of those that another process has already
     * @param routing the routes in force
     * @param sockets how many of clients there may be
     * @param clients counts those that are served
     * @param upstreams counts connections to instances
     * @param tls what speaks TLS on the ports that do; null where none does
     */
    Future<Void> open(
            BalancerConfig config,
            Map<ListenAddress, InheritedSocket> inherited,
            Supplier<RoutingSnapshot> routing,
            int sockets,
            ConnectionLimit clients,
            UpstreamRoom upstreams,
            @Nullable TlsFront tls) {
        gate.limit(sockets);
        return vertx.deployVerticle(
                        () -> {
                            ProxyVerticle proxy = new ProxyVerticle(
                                    ports,
                                    tls,
                                    config,
                                    routing.get(),
                                    clients,
                                    upstreams,
                                    drain,
                                    gates,
                                    tcp.addLoop(),
                                    observation.ofNextLoop());
                            proxies.add(proxy);
                            return proxy;
                        },
                        new DeploymentOptions().setInstances(cores()))
                .compose(deployed -> ports.open(config.listeners(), inherited))
                .onSuccess(opened -> isOpen = true)
                .recover(failed -> notListening(failed, config.listeners()))
                .mapEmpty();
    }

    /** Has other listeners from the moment on at which that is said; fails with a sentence where one of them cannot be opened. */
    Future<PortChange> change(List<Listener> listeners) {
        return (isOpen ? ports.change(listeners) : ports.change(List.of()))
                .recover(failed -> notListening(failed, listeners));
    }

    private <T> Future<T> notListening(Throwable failed, List<Listener> listeners) {
        if (!(failed instanceof PortNotOpenedException notOpened)) {
            return Future.failedFuture(failed);
        }
        ListenAddress address = notOpened.listener().address();
        for (ListenAddress own : ports.addresses()) {
            if (own.overlaps(address)) {
                return Future.failedFuture(new StartException("the port for clients, " + address
                        + ", cannot be listened on beside " + own + ", which this balancer has (expected: another port,"
                        + " or a restart)"));
            }
        }
        boolean isTcp = notOpened.listener().tcp() != null;
        return Future.failedFuture(StartException.notListening(
                isTcp ? "the port for TCP" : "the port for clients",
                address.toString(),
                flagOf(notOpened.listener(), listeners),
                Objects.requireNonNullElse(failed.getCause(), failed)));
    }

    /** By which a port that cannot be opened is given; one in clear text alone may have been given in two ways. */
    private static String flagOf(Listener notOpened, List<Listener> all) {
        if (notOpened.tcp() != null) {
            return "--tcp";
        }
        boolean isPlain = !notOpened.tls() && !notOpened.proxyProtocol();
        boolean isAlone = all.stream().filter(each -> each.tcp() == null).count() == 1;
        return isPlain && isAlone ? "--port or --listen" : "--listen";
    }

    /** The ports of all listeners, in the order in which they were opened: those of HTTP first. */
    List<ListenAddress> addresses() {
        return ports.addresses();
    }

    /** The counts of TCP routes. */
    TcpTraffic tcp() {
        return tcp;
    }

    /** What serves on each event loop. */
    List<ProxyVerticle> proxies() {
        return proxies;
    }

    /** Has every event loop go by another configuration and table; completes when each does, on any context. */
    Future<Void> apply(BalancerConfig config, RoutingSnapshot routing) {
        return each(proxy -> proxy.apply(config, routing));
    }

    /** Completes when every event loop has done something. */
    Future<Void> respond() {
        return each(ProxyVerticle::respond);
    }

    /** From now on each response asks its client to close the connection. */
    void beginDrain() {
        drain.begin();
    }

    /** Leaves ports to another process, which has them too, and closes the others. */
    Future<Void> leavePorts(Predicate<ListenAddress> taken) {
        return ports.leave(taken);
    }

    /** Closes the port, and ends with the last exchange or the drain time. */
    Future<Void> drainAndClose() {
        return each(ProxyVerticle::drainAndClose);
    }

    /** Closes what is still open, connections to instances included. */
    Future<Void> closeConnections() {
        return each(ProxyVerticle::close).onComplete(closed -> gates.close());
    }

    /** Ends the event loops. */
    Future<Void> close() {
        return vertx.close();
    }

    private Future<Void> each(Function<ProxyVerticle, Future<Void>> step) {
        return Future.join(proxies.stream().map(step).toList()).mapEmpty();
    }
}
