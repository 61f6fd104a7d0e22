package dev.pointsman.balancer.proxy;

import dev.pointsman.balancer.config.Limits;
import dev.pointsman.balancer.loop.TimeoutTicker;
import dev.pointsman.balancer.upstream.UpstreamConnections;
import io.vertx.core.Vertx;

/** The objects that all exchanges of one event loop share. */
record EventLoopContext(
        Vertx vertx,
        Limits limits,
        TimeoutTicker ticker,
        UpstreamConnections connections,
        RequestHead requestHead,
        FailureLog failureLog) {}
