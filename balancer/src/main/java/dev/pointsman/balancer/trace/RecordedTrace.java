package dev.pointsman.balancer.trace;

import dev.pointsman.balancer.observe.AttemptTrace;
import dev.pointsman.balancer.observe.ObservedAttempt;
import dev.pointsman.balancer.observe.ObservedRequest;
import dev.pointsman.balancer.observe.RequestTrace;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.TraceFlags;
import org.jspecify.annotations.Nullable;

/** The trace of a request that is recorded. A span is made when what it tells of is over. For one event loop. */
final class RecordedTrace implements RequestTrace {
    private final LoopTracer tracer;
    private final String traceId;
    private final String spanId;
    private final @Nullable Traceparent parent;
    private final @Nullable String tracestate;
    private final long epoch;

    /**
     * A trace that begins, or goes on.
     *
     * @param parent null where it begins
     * @param epoch what is added to a time of the observers' clock for one since 1970, in nanoseconds
     */
    RecordedTrace(
            LoopTracer tracer, String traceId, @Nullable Traceparent parent, @Nullable String tracestate, long epoch) {
        this.tracer = tracer;
        this.traceId = traceId;
        this.spanId = tracer.ids().spanId();
        this.parent = parent;
        this.tracestate = tracestate;
        this.epoch = epoch;
    }

    @Override
    public String traceId() {
        return traceId;
    }

    @Override
    public String spanId() {
        return spanId;
    }

    @Override
    public AttemptTrace attempt(ObservedAttempt attempt) {
        return new RecordedAttempt(tracer.ids().spanId());
    }

    @Override
    public void ended(ObservedRequest request) {
        SpanContext of = parent == null
                ? SpanContext.getInvalid()
                : SpanContext.createFromRemoteParent(
                        traceId, parent.parentId(), flags(parent.sampled()), Tracestate.members(tracestate));
        tracer.recorder()
                .record(
                        new SpanPlace(traceId, spanId, of, SpanKind.SERVER),
                        tracer.descriptions().of(request),
                        epoch + request.beganNanos(),
                        epoch + request.endedNanos());
    }

    private static TraceFlags flags(boolean sampled) {
        return sampled ? TraceFlags.getSampled() : TraceFlags.getDefault();
    }

    private final class RecordedAttempt implements AttemptTrace {
        private final String attemptId;

        RecordedAttempt(String attemptId) {
            this.attemptId = attemptId;
        }

        @Override
        public String traceparent() {
            return Traceparent.text(traceId, attemptId, true);
        }

        @Override
        public @Nullable String tracestate() {
            return tracestate;
        }

        @Override
        public void ended(ObservedAttempt attempt) {
            SpanContext request =
                    SpanContext.create(traceId, spanId, TraceFlags.getSampled(), Tracestate.members(tracestate));
            tracer.recorder()
                    .record(
                            new SpanPlace(traceId, attemptId, request, SpanKind.CLIENT),
                            tracer.descriptions().of(attempt),
                            epoch + attempt.beganNanos(),
                            epoch + attempt.endedNanos());
        }
    }
}
