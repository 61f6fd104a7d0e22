package dev.pointsman.balancer.trace;

import dev.pointsman.balancer.config.TracingConfig;
import dev.pointsman.balancer.observe.ObservedRequest;
import dev.pointsman.balancer.observe.RequestTrace;
import dev.pointsman.balancer.observe.RequestTracer;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The traces of one event loop's requests. Of a request that is not recorded it makes ids and nothing else: sampling is for
 * saving that cost.
 */
final class LoopTracer implements RequestTracer {
    private static final AsciiString TRACEPARENT = AsciiString.cached(Traceparent.FIELD);
    private static final AsciiString TRACESTATE = AsciiString.cached(Tracestate.FIELD);

    private final TraceIds ids;
    private final TraceSampler sampler;
    private final boolean restarts;
    private final SpanDescriptions descriptions;
    private final SpanRecorder recorder;
    private final LongSupplier nanos;
    private final Clock clock;

    /**
     * A maker of traces.
     *
     * @param nanos the observers' clock
     * @param clock of the same moment since 1970
     */
    LoopTracer(TracingConfig config, TraceIds ids, SpanRecorder recorder, LongSupplier nanos, Clock clock) {
        this.ids = ids;
        this.sampler = new TraceSampler(config.sampling());
        this.restarts = config.restart();
        this.descriptions = new SpanDescriptions(config.knownMethods(), new SensitiveQuery(config.masked()));
        this.recorder = recorder;
        this.nanos = nanos;
        this.clock = clock;
    }

    @Override
    public RequestTrace begin(ObservedRequest request) {
        Traceparent parent = restarts && !request.isPeerTrusted() ? null : parent(request.fields());
        String tracestate = parent == null ? null : tracestate(request.fields());
        String traceId = parent == null ? ids.traceId() : parent.traceId();
        return sampler.records(parent, traceId)
                ? new RecordedTrace(this, traceId, parent, tracestate, epoch())
                : new UnrecordedTrace(ids, traceId, tracestate);
    }

    /** Null for none that is valid; of two, neither is (W3C Trace Context, 3.2: the field is a single one). */
    private static @Nullable Traceparent parent(HttpHeaders fields) {
        String value = fields.get(TRACEPARENT);
        if (value == null || fields.getAll(TRACEPARENT).size() > 1) {
            return null;
        }
        return Traceparent.parse(value.strip());
    }

    private static @Nullable String tracestate(HttpHeaders fields) {
        List<String> values = fields.getAll(TRACESTATE);
        return values.isEmpty() ? null : Tracestate.joined(values);
    }

    /** Read anew for each trace: the wall clock is put right now and then, and a trace's own times must not jump. */
    private long epoch() {
        Instant now = clock.instant();
        return TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano() - nanos.getAsLong();
    }

    TraceIds ids() {
        return ids;
    }

    SpanRecorder recorder() {
        return recorder;
    }

    SpanDescriptions descriptions() {
        return descriptions;
    }
}
