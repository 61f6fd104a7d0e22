package dev.pointsman.balancer.admin;

import io.vertx.core.Future;

/** The start of the process that is to take the place of this one. Thread-safe. */
@FunctionalInterface
public interface SuccessorAccess {
    /** Where nothing can be started. */
    SuccessorAccess NONE = () -> Future.failedFuture(new WriteRefusedException(
            409, "this balancer does not know how it was started (expected: pointsman balancer --takeover beside it)"));

    /**
     * Starts it; blocks for that. Completes with a sentence when it has taken over; fails with {@link WriteRefusedException} and the reason when it has
     * not, and this process goes on.
     */
    Future<String> start();
}
