package dev.pointsman.balancer.trace;

import dev.pointsman.balancer.config.SpanExport;
import dev.pointsman.balancer.config.TracingConfig;
import dev.pointsman.balancer.observe.RequestTracer;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The traces of all event loops, under each configuration that comes. A way to a collector stays until the end, even if
 * requests are not traced any more: some that began before have spans to send, and it costs a thread that sleeps. Thread-safe.
 */
public final class Tracing {
    private static final Logger log = LoggerFactory.getLogger(Tracing.class);

    private final LongSupplier nanos;
    private final Clock clock;
    private final SpanCounts counts = new SpanCounts();
    private final Map<SpanExport, SpanPipeline> pipelines = new LinkedHashMap<>();
    private boolean closed;

    /**
     * Traces.
     *
     * @param nanos the observers' clock
     * @param clock of the same moment since 1970
     */
    public Tracing(LongSupplier nanos, Clock clock) {
        this.nanos = nanos;
        this.clock = clock;
    }

    /**
     * Makes what a configuration needs, before event loops go by it. Blocks for some tenths of a second where there is anything
     * to make.
     *
     * @throws TracingException if the collector cannot be reached by the files that are named
     */
    public void prepare(TracingConfig config) throws TracingException {
        SpanExport export = config.export();
        if (export != null) {
            SpanPipeline unused = pipeline(export);
        } else if (config.on()) {
            log.warn("Nothing is traced: OTEL_SDK_DISABLED or OTEL_TRACES_EXPORTER says so (expected: neither, or no"
                    + " tracing)");
        }
    }

    /** The traces of one more event loop under a configuration; null for none. */
    public @Nullable RequestTracer ofLoop(TracingConfig config) {
        SpanExport export = config.export();
        if (export == null) {
            return null;
        }
        try {
            return new LoopTracer(config, TraceIds.unique(), pipeline(export).recorder(), nanos, clock);
        } catch (TracingException notPrepared) {
            // Whoever has prepared it knows.
            log.warn("Nothing is traced: {}", notPrepared.getMessage());
            return null;
        }
    }

    private synchronized SpanPipeline pipeline(SpanExport export) throws TracingException {
        SpanPipeline known = pipelines.get(export);
        if (known == null) {
            try {
                known = new SpanPipeline(export, counts, nanos);
            } catch (RuntimeException unusable) {
                throw new TracingException(export, unusable);
            }
            if (closed) {
                known.close(Duration.ZERO);
            } else {
                pipelines.put(export, known);
            }
        }
        return known;
    }

    /** What became of the spans. */
    public SpanCounts counts() {
        return counts;
    }

    /** Sends the spans that wait, and ends. Blocks for so long at the most. */
    public synchronized void close(Duration atMost) {
        closed = true;
        int lost = 0;
        for (SpanPipeline pipeline : pipelines.values()) {
            lost += pipeline.close(atMost);
        }
        pipelines.clear();
        if (lost > 0) {
            log.warn("Traces: {} spans were not sent within {} ms, and are lost", lost, atMost.toMillis());
        }
    }
}
