package dev.pointsman.balancer.tcp;

import dev.pointsman.balancer.config.ListenAddress;
import dev.pointsman.balancer.config.TrustedProxies;
import dev.pointsman.balancer.downstream.OpenConnections;
import dev.pointsman.balancer.loop.LoopTurns;
import dev.pointsman.balancer.loop.TimeoutTicker;
import dev.pointsman.balancer.observe.LoopObservers;
import dev.pointsman.balancer.upstream.ConnectionOpener;
import java.time.Duration;
import java.util.Set;
import java.util.function.Supplier;

/**
 * What all TCP connections of one event loop share. For that loop.
 *
 * @param traffic counts them
 * @param open knows those that are open
 * @param observers in force, those who are told of connections that are over
 * @param trusted in force, peers whose headers of the PROXY protocol are believed
 * @param served in force, the addresses of the ports of TCP
 * @param drain in force, for connections to an address that is not listened on any more
 * @param headTimeout in force, for what comes before the first byte that is relayed
 */
public record TcpContext(
        TcpRoutes routes,
        LoopTcpTraffic traffic,
        ConnectionOpener opener,
        OpenConnections open,
        TimeoutTicker ticker,
        LoopTurns turns,
        Supplier<LoopObservers> observers,
        Supplier<TrustedProxies> trusted,
        Supplier<Set<ListenAddress>> served,
        Supplier<Duration> drain,
        Supplier<Duration> headTimeout) {}
