package dev.pointsman.balancer.proxy;

import dev.pointsman.balancer.config.BalancerConfig;
import dev.pointsman.balancer.config.ListenAddress;
import dev.pointsman.balancer.config.Listener;
import dev.pointsman.balancer.config.TcpPort;
import dev.pointsman.balancer.downstream.ClientPorts;
import dev.pointsman.balancer.downstream.ConnectionLimit;
import dev.pointsman.balancer.downstream.Drain;
import dev.pointsman.balancer.downstream.OpenConnections;
import dev.pointsman.balancer.filter.RouteGates;
import dev.pointsman.balancer.observe.LoopObservers;
import dev.pointsman.balancer.route.RecentRequest;
import dev.pointsman.balancer.tcp.LoopTcpTraffic;
import dev.pointsman.balancer.tcp.ProxyHeaderReader;
import dev.pointsman.balancer.tcp.TcpAcceptor;
import dev.pointsman.balancer.tcp.TcpContext;
import dev.pointsman.balancer.tls.TlsFront;
import dev.pointsman.balancer.upstream.UpstreamConnections;
import dev.pointsman.balancer.upstream.UpstreamRoom;
import io.netty.channel.EventLoop;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.internal.ContextInternal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The data plane of one event loop: its share of the connections to clients, and its own connections to upstreams. Runs
 * once per core; the instances share the port and nothing else that is written per request.
 */
public final class ProxyVerticle extends VerticleBase {
    /** The time in which a connection that was closed ends for good, see {@link Http1Connection}. */
    private static final Duration LAST_MOMENT = Duration.ofMillis(1500);

    private BalancerConfig config;
    private Set<ListenAddress> served;
    private RoutingSnapshot routing;
    private final ConnectionLimit connectionLimit;
    private final UpstreamRoom room;
    private final Drain drain;
    private final RouteGates gates;
    private final LoopTcpTraffic traffic;
    private final BiFunction<BalancerConfig, Executor, LoopObservers> observers;
    private final ClientPorts ports;
    private final @Nullable TlsFront tls;
    private final OpenConnections open = new OpenConnections();
    private @Nullable LoopParts parts;
    private volatile @Nullable UpstreamConnections connections;

    /**
     * The part of one event loop.
     *
     * @param ports whose connections are served, shared by all instances
     * @param tls what speaks TLS on the ports that do; null where none does
     * @param routing the routes that count until {@link #apply}
     * @param connectionLimit shared by all instances
     * @param room shared by all instances
     * @param drain shared by all instances
     * @param gates shared by all instances
     * @param traffic counts the connections of TCP routes on this loop
     * @param observers those who are told of this loop's requests under a configuration, made with the loop
     */
    public ProxyVerticle(
            ClientPorts ports,
            @Nullable TlsFront tls,
            BalancerConfig config,
            RoutingSnapshot routing,
            ConnectionLimit connectionLimit,
            UpstreamRoom room,
            Drain drain,
            RouteGates gates,
            LoopTcpTraffic traffic,
            BiFunction<BalancerConfig, Executor, LoopObservers> observers) {
        this.ports = ports;
        this.tls = tls;
        this.config = config;
        this.served = served(config);
        this.routing = routing;
        this.connectionLimit = connectionLimit;
        this.room = room;
        this.drain = drain;
        this.gates = gates;
        this.traffic = traffic;
        this.observers = observers;
    }

    private static Set<ListenAddress> served(BalancerConfig config) {
        return config.listeners().stream()
                .filter(listener -> listener.tcp() != null)
                .map(Listener::address)
                .collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public Future<?> start() {
        LoopParts made = new LoopParts(
                vertx, nettyLoop(), config, routing, room, new LoopParts.OfAllLoops(drain, gates, observers), open);
        parts = made;
        connections = made.exchanges().connections();
        ClientAcceptor http = new ClientAcceptor(
                (ContextInternal) context,
                made.downstream(),
                connectionLimit,
                LoopParts.requestLimits(config.limits()),
                tls,
                new BalancingProxy(made.routes(), made.exchanges()),
                made.exchanges());
        TcpAcceptor tcp = new TcpAcceptor(
                new TcpContext(
                        made.routes(),
                        traffic,
                        made.opener(),
                        open,
                        made.exchanges().ticker(),
                        made.turns(),
                        made.exchanges()::observers,
                        () -> config.trustedProxies(),
                        () -> served,
                        () -> config.limits().drain(),
                        () -> config.limits().head()),
                connectionLimit);
        ports.join(nettyLoop(), (channel, listener) -> {
            TcpPort port = listener.tcp();
            if (port == null && listener.proxyProtocol()) {
                ProxyHeaderReader.begin(
                        channel,
                        config.trustedProxies(),
                        traffic.ofPort(listener.address().port()),
                        config.limits().head(),
                        () -> http.accept(channel, listener));
            } else if (port == null) {
                http.accept(channel, listener);
            } else {
                tcp.accept(channel, listener, port);
            }
        });
        return Future.succeededFuture();
    }

    private EventLoop nettyLoop() {
        return ((ContextInternal) context).nettyEventLoop();
    }

    /**
     * Puts another configuration and table in force, for requests that begin from now on; those under way end by the one
     * that they began with. Completes when it is so on this event loop. Any thread.
     */
    public Future<Void> apply(BalancerConfig newConfig, RoutingSnapshot newRouting) {
        Promise<Void> applied = Promise.promise();
        context.runOnContext(onLoop -> {
            config = newConfig;
            served = served(newConfig);
            routing = newRouting;
            LoopParts running = parts;
            if (running != null) {
                running.apply(newConfig, newRouting);
            }
            applied.complete();
        });
        return applied.future();
    }

    /** The newest requests that were routed on this event loop, the oldest first. Any thread. */
    public Future<List<RecentRequest>> recentRequests() {
        if (connections == null) {
            return Future.succeededFuture(List.of());
        }
        Promise<List<RecentRequest>> read = Promise.promise();
        context.runOnContext(onLoop -> {
            LoopParts running = parts;
            read.complete(
                    running == null ? List.of() : running.exchanges().recent().list());
        });
        return read.future();
    }

    /** The newest of what several event loops have routed lately, the oldest first. */
    public static List<RecentRequest> newest(List<List<RecentRequest>> ofLoops) {
        List<RecentRequest> all = new ArrayList<>();
        ofLoops.forEach(all::addAll);
        // Times of this clock may be on either side of its overflow.
        all.sort((one, other) -> Long.signum(one.at() - other.at()));
        return all.subList(Math.max(0, all.size() - RecentRequests.KEPT), all.size());
    }

    /**
     * Stops accepting, after what has connected by then, lets connections finish within the drain time, then closes what
     * is left. Clients are asked to leave by the {@link Drain}, which has to have begun.
     */
    public Future<Void> drainAndClose() {
        return ports.closeEmptied()
                .compose(shut -> allEndedWithin(config.limits().drain()))
                .eventually(this::close);
    }

    /** Completes when the event loop has done something. */
    public Future<Void> respond() {
        Promise<Void> done = Promise.promise();
        context.runOnContext(onLoop -> done.complete());
        return done.future();
    }

    /** Closes the ports and every connection at once. */
    public Future<Void> close() {
        UpstreamConnections upstreams = connections;
        return ports.close()
                .compose(shut -> closeClients())
                .compose(shut -> allEndedWithin(LAST_MOMENT))
                .eventually(() -> upstreams == null ? Future.succeededFuture() : closed(upstreams));
    }

    private Future<Void> closeClients() {
        Promise<Void> closed = Promise.promise();
        context.runOnContext(onLoop -> {
            open.closeAll();
            closed.complete();
        });
        return closed.future();
    }

    /** Completes when no client is connected any more, or so much later. */
    private Future<Void> allEndedWithin(Duration time) {
        Promise<Void> over = Promise.promise();
        context.runOnContext(onLoop -> {
            long timer = vertx.setTimer(time.toMillis(), late -> over.tryComplete());
            open.whenNone().onComplete(none -> {
                vertx.cancelTimer(timer);
                over.tryComplete();
            });
        });
        return over.future();
    }

    private Future<Void> closed(UpstreamConnections upstreams) {
        Promise<Void> closed = Promise.promise();
        context.runOnContext(onLoop -> {
            upstreams.close();
            closed.complete();
        });
        return closed.future();
    }
}
