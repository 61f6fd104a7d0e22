package dev.pointsman.balancer.proxy;

import dev.pointsman.balancer.config.Limits;
import io.vertx.core.Vertx;

/** What the exchanges of one event loop share. */
record ProxyParts(
        Vertx vertx, Limits limits, Connector connector, RequestHead requestHead, FailureLog failureLog, Drain drain) {}
