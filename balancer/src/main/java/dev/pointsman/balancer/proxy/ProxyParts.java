package dev.pointsman.balancer.proxy;

import dev.pointsman.balancer.config.Limits;
import dev.pointsman.balancer.upstream.Connections;
import dev.pointsman.balancer.upstream.Deadlines;
import io.vertx.core.Vertx;

/** What the exchanges of one event loop share. */
record ProxyParts(
        Vertx vertx,
        Limits limits,
        Deadlines deadlines,
        Connections connections,
        RequestHead requestHead,
        RequestIds requestIds,
        AnswerDate answerDate,
        FailureLog failureLog,
        Drain drain) {}
