package dev.pointsman.balancer;

import dev.pointsman.balancer.config.BalancerConfig;
import dev.pointsman.balancer.downstream.AcceptGate;
import dev.pointsman.balancer.downstream.ClientPorts;
import dev.pointsman.balancer.downstream.ConnectionLimit;
import dev.pointsman.balancer.downstream.Drain;
import dev.pointsman.balancer.downstream.InheritedSocket;
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
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
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
     * Opens the port for clients, on every core.
     *
     * @param inherited the port's socket, where another process has it already
     * @param routing the routes in force
     * @param sockets how many of clients there may be
     * @param clients counts those that are served
     * @param upstreams counts connections to instances
     * @param tls what speaks TLS on the ports that do; null where none does
     */
    Future<Void> open(
            BalancerConfig config,
            @Nullable InheritedSocket inherited,
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
                                    tcp,
                                    observation.ofNextLoop());
                            proxies.add(proxy);
                            return proxy;
                        },
                        new DeploymentOptions().setInstances(cores()))
                .compose(deployed -> ports.open(
                        config.listeners(),
                        inherited == null ? Map.of() : Map.of(config.listeners().get(0), inherited)))
                .recover(cause -> Future.failedFuture(StartException.notListening(
                        "the port for clients", config.listen().toString(), "--port", cause)))
                .mapEmpty();
    }

    /** The port that clients are served on; 0 for none. */
    int port() {
        List<Integer> numbers = ports.numbers();
        return numbers.isEmpty() ? 0 : numbers.get(0);
    }

    /** The ports of all listeners, in the order in which they are configured. */
    List<Integer> allPorts() {
        return ports.numbers();
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

    /** Leaves the port to another process, which has it too. */
    Future<Void> leavePort() {
        return ports.leave();
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
