package dev.pointsman.balancer.observe;

/** A request's part in a trace: its own span, and one for each attempt. For the request's event loop. */
public interface RequestTrace {
    /** The id of the trace, 32 lower-case hexadecimal digits. */
    String traceId();

    /** The id of the request's own span, 16 lower-case hexadecimal digits. */
    String spanId();

    /** Begins the span of an attempt. */
    AttemptTrace attempt(ObservedAttempt attempt);

    /** Ends the request's own span. */
    void ended(ObservedRequest request);
}
