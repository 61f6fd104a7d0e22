package dev.pointsman.balancer.trace;

import dev.pointsman.balancer.config.TraceSampling;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.opentelemetry.sdk.trace.samplers.SamplingDecision;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The decision which requests are recorded. Thread-safe. */
final class TraceSampler {
    private final boolean byParent;
    private final Sampler byId;

    TraceSampler(TraceSampling sampling) {
        this.byParent = sampling.byParent();
        this.byId = Sampler.traceIdRatioBased(sampling.ratio());
    }

    /**
     * Whether a request is recorded.
     *
     * @param parent null where a trace begins
     */
    boolean records(@Nullable Traceparent parent, String traceId) {
        if (byParent && parent != null) {
            return parent.sampled();
        }
        // OpenTelemetry's own rule, so that all who sample by the same ratio record the same traces. It looks at the id
        // alone.
        return byId.shouldSample(Context.root(), traceId, "", SpanKind.SERVER, Attributes.empty(), List.of())
                        .getDecision()
                == SamplingDecision.RECORD_AND_SAMPLE;
    }
}
