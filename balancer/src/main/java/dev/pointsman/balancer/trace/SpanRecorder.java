package dev.pointsman.balancer.trace;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.IdGenerator;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SpanLimits;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.util.concurrent.TimeUnit;

/**
 * A maker of OpenTelemetry's spans of what is over. Their ids are known before: they went out in fields, and whether there is a
 * span was decided by them. For one event loop.
 */
final class SpanRecorder {
    private static final String SCOPE = "dev.pointsman.balancer";

    private final GivenIds ids = new GivenIds();
    private final Tracer tracer;

    /**
     * A maker of spans.
     *
     * @param receiver takes each span that is over; may be shared by loops
     */
    SpanRecorder(Resource resource, SpanLimits limits, SpanProcessor receiver) {
        // Not closed: that would close the receiver, which others use.
        this.tracer = SdkTracerProvider.builder()
                .setResource(resource)
                .setSpanLimits(limits)
                .setSampler(Sampler.alwaysOn())
                .setIdGenerator(ids)
                .addSpanProcessor(receiver)
                .build()
                .get(SCOPE);
    }

    /** Makes a span; its times are nanoseconds since 1970. */
    void record(SpanPlace place, SpanDescription description, long began, long ended) {
        ids.give(place);
        SpanBuilder builder = tracer.spanBuilder(description.name())
                .setSpanKind(place.kind())
                .setStartTimestamp(began, TimeUnit.NANOSECONDS)
                .setAllAttributes(description.attributes());
        if (place.parent().isValid()) {
            builder.setParent(Context.root().with(Span.wrap(place.parent())));
        } else {
            builder.setNoParent();
        }
        Span span = builder.startSpan();
        if (description.isError()) {
            String reason = description.reason();
            span.setStatus(StatusCode.ERROR, reason == null ? "" : reason);
        }
        span.end(ended, TimeUnit.NANOSECONDS);
    }

    /** The ids of the span that is made next. */
    private static final class GivenIds implements IdGenerator {
        private String traceId = "";
        private String spanId = "";

        void give(SpanPlace place) {
            traceId = place.traceId();
            spanId = place.spanId();
        }

        @Override
        public String generateSpanId() {
            return spanId;
        }

        @Override
        public String generateTraceId() {
            return traceId;
        }
    }
}
