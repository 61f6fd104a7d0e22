package dev.pointsman.balancer.proxy;

import dev.pointsman.balancer.config.BalancerConfig;
import dev.pointsman.balancer.config.Limits;
import dev.pointsman.balancer.downstream.ClientRules;
import dev.pointsman.balancer.downstream.DownstreamContext;
import dev.pointsman.balancer.downstream.Drain;
import dev.pointsman.balancer.downstream.OpenConnections;
import dev.pointsman.balancer.downstream.RequestIds;
import dev.pointsman.balancer.downstream.ResponseDate;
import dev.pointsman.balancer.filter.RouteGates;
import dev.pointsman.balancer.loop.LoopTurns;
import dev.pointsman.balancer.loop.TimeoutTicker;
import dev.pointsman.balancer.loop.TurnClock;
import dev.pointsman.balancer.observe.LoopObservers;
import dev.pointsman.balancer.resilience.FailureKind;
import dev.pointsman.balancer.upstream.ConnectionOpener;
import dev.pointsman.balancer.upstream.ConnectionOptions;
import dev.pointsman.balancer.upstream.UpstreamConnections;
import dev.pointsman.balancer.upstream.UpstreamRoom;
import dev.pointsman.balancer.upstream.http1.Http1UpstreamConnections;
import dev.pointsman.balancer.upstream.http2.Http2UpstreamConnections;
import dev.pointsman.retry.RetryBudget;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.Executor;
import java.util.function.BiFunction;

/**
 * What one event loop serves its clients with: its ticker, its connections to upstreams, the routes in force there. Made when the loop begins
 * to serve, and told of other settings. For that loop.
 */
final class LoopParts {
    private static final int CHUNK = 64 * 1024;

    /** The bytes that may wait to be sent to an upstream before its client is made to wait. */
    private static final int WRITE_BUFFER = 128 * 1024;

    private final EventLoop nettyLoop;
    private final OfAllLoops shared;
    private final LoopTurns turns;
    private final ConnectionOpener opener;
    private final EventLoopContext exchanges;
    private final DownstreamContext downstream;
    private final LoopRoutes routes;

    /**
     * What all loops have in common.
     *
     * @param observers those who are told of a loop's requests under a configuration, made with the loop
     */
    record OfAllLoops(Drain drain, RouteGates gates, BiFunction<BalancerConfig, Executor, LoopObservers> observers) {}

    /**
     * The parts of a loop.
     *
     * @param open the loop's connections of clients
     */
    LoopParts(
            Vertx vertx,
            EventLoop nettyLoop,
            BalancerConfig config,
            RoutingSnapshot routing,
            UpstreamRoom room,
            OfAllLoops shared,
            OpenConnections open) {
        this.nettyLoop = nettyLoop;
        this.shared = shared;
        this.turns = LoopTurns.of(nettyLoop);
        TimeoutTicker ticker = new TimeoutTicker(
                nettyLoop, new TurnClock(nettyLoop, System::nanoTime), tick(config.limits(), routing));
        this.opener = new ConnectionOpener(
                nettyLoop,
                ((VertxInternal) vertx).nameResolver().nettyAddressResolverGroup(),
                connectionOptions(config.limits()),
                ticker,
                turns,
                room);
        opener.secure(config.upstreamTls());
        this.exchanges = new EventLoopContext(
                vertx,
                config,
                ticker,
                new UpstreamConnections(
                        opener, new Http1UpstreamConnections(opener), new Http2UpstreamConnections(opener)),
                new FailureLog(System::nanoTime),
                shared.observers().apply(config, nettyLoop));
        this.downstream = new DownstreamContext(
                ClientRules.of(config),
                ticker,
                new RequestIds(new SplittableRandom(new SecureRandom().nextLong())),
                new ResponseDate(Clock.systemUTC()),
                turns,
                shared.drain(),
                open,
                Failures.rawReply(FailureKind.HEAD_TIMEOUT));
        this.routes = new LoopRoutes(
                routing,
                () -> RetryBudget.ofRetries(ticker::now),
                shared.gates(),
                new SplittableRandom(new SecureRandom().nextLong())::nextLong);
    }

    /** What the decoder of requests in HTTP/1.1 takes. */
    static HttpDecoderConfig requestLimits(Limits limits) {
        int head = limits.maxHead();
        return new HttpDecoderConfig()
                .setMaxInitialLineLength(head / 2)
                .setMaxHeaderSize(head)
                .setMaxChunkSize(CHUNK)
                .setInitialBufferSize(512);
    }

    private static ConnectionOptions connectionOptions(Limits limits) {
        return new ConnectionOptions(
                limits.connect(), ConnectionOptions.KEEP_ALIVE, limits.idle(), limits.maxHead(), CHUNK, WRITE_BUFFER);
    }

    private static Duration tick(Limits limits, RoutingSnapshot routing) {
        return TimeoutTicker.tickFor(routing.shortestTimeout(limits.shortest()));
    }

    /** Puts another configuration and table in force, for requests that begin from now on. */
    void apply(BalancerConfig config, RoutingSnapshot routing) {
        routes.apply(routing);
        // Before they change: what is over by now was asked under what is in force by now.
        exchanges.observers().tell();
        exchanges.apply(config, shared.observers().apply(config, nettyLoop));
        downstream.apply(ClientRules.of(config));
        exchanges.connections().apply(connectionOptions(config.limits()), config.upstreamTls());
        exchanges.ticker().tickEvery(tick(config.limits(), routing));
    }

    LoopTurns turns() {
        return turns;
    }

    ConnectionOpener opener() {
        return opener;
    }

    /** What exchanges share. */
    EventLoopContext exchanges() {
        return exchanges;
    }

    DownstreamContext downstream() {
        return downstream;
    }

    LoopRoutes routes() {
        return routes;
    }
}
