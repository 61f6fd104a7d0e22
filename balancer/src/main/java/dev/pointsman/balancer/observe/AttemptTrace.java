package dev.pointsman.balancer.observe;

import org.jspecify.annotations.Nullable;

/** The span of an attempt, with the fields that tell its instance (W3C Trace Context). For the request's event loop. */
public interface AttemptTrace {
    /** The value of the {@code traceparent} that the instance gets in place of the client's. */
    String traceparent();

    /** The value of the {@code tracestate} that the instance gets in place of the client's; null for none. */
    @Nullable
    String tracestate();

    /** Ends the span. */
    void ended(ObservedAttempt attempt);
}
