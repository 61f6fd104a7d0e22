package dev.pointsman.balancer.observe;

import org.jspecify.annotations.Nullable;

/** The maker of traces. For one event loop. */
public interface RequestTracer {
    /** Begins or continues the trace that the request's fields name; null where it is not to be traced at all. */
    @Nullable
    RequestTrace begin(ObservedRequest request);
}
