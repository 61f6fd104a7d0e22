package dev.pointsman.balancer.trace;

import dev.pointsman.balancer.observe.AttemptTrace;
import dev.pointsman.balancer.observe.ObservedAttempt;
import dev.pointsman.balancer.observe.ObservedRequest;
import dev.pointsman.balancer.observe.RequestTrace;
import org.jspecify.annotations.Nullable;

/** The trace of a request that is not recorded: ids for the fields of its attempts, and nothing else. For one event loop. */
final class UnrecordedTrace implements RequestTrace {
    private final TraceIds ids;
    private final String traceId;
    private final @Nullable String tracestate;
    private @Nullable String spanId;

    UnrecordedTrace(TraceIds ids, String traceId, @Nullable String tracestate) {
        this.ids = ids;
        this.traceId = traceId;
        this.tracestate = tracestate;
    }

    @Override
    public String traceId() {
        return traceId;
    }

    @Override
    public String spanId() {
        String known = spanId;
        if (known == null) {
            known = ids.spanId();
            spanId = known;
        }
        return known;
    }

    @Override
    public AttemptTrace attempt(ObservedAttempt attempt) {
        return new UnrecordedAttempt();
    }

    @Override
    public void ended(ObservedRequest request) {
        // nothing was recorded
    }

    private final class UnrecordedAttempt implements AttemptTrace {
        /** A new one for each attempt, since the parent's id is that of the request as it goes out (W3C Trace Context, 3.4). */
        @Override
        public String traceparent() {
            return Traceparent.text(traceId, ids.spanId(), false);
        }

        @Override
        public @Nullable String tracestate() {
            return tracestate;
        }

        @Override
        public void ended(ObservedAttempt attempt) {
            // nothing was recorded
        }
    }
}
