package dev.pointsman.registry.consul.internal.query;

import io.vertx.core.Future;

/** A way to find out whether something listens at an address. */
@FunctionalInterface
public interface AnswerProbe {
    /** Completes with whether a connection stood within the time that it may take; never fails. */
    Future<Boolean> answers(String host, int port);
}
