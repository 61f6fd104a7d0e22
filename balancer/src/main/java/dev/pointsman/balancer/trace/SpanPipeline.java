package dev.pointsman.balancer.trace;

import dev.pointsman.balancer.config.SpanExport;
import dev.pointsman.balancer.config.SpanExport.ExportTls;
import dev.pointsman.balancer.config.SpanExport.SpanQueue;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporterBuilder;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SpanLimits;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The way of recorded spans: a bounded queue, a thread that takes them off it in batches, and an exporter that sends these. What
 * ends a span never waits. Thread-safe.
 */
final class SpanPipeline {
    /** Those that say on their own what {@link SpanTrouble} says once; held here, since loggers are forgotten else. */
    private static final List<Logger> SILENCED =
            List.of(Logger.getLogger("io.opentelemetry.exporter"), Logger.getLogger("io.opentelemetry.sdk.trace"));

    private final SpanProcessor processor;
    private final Resource resource;
    private final SpanLimits limits;
    private final AtomicInteger waiting = new AtomicInteger();

    /**
     * The way to a collector, which need not be there. Reads the disk, and takes its time.
     *
     * @param counts of this way and of others
     * @param nanos a clock
     */
    SpanPipeline(SpanExport export, SpanCounts counts, LongSupplier nanos) {
        SILENCED.forEach(logger -> logger.setLevel(Level.OFF));
        SpanTrouble trouble = new SpanTrouble(export.endpoint(), counts, nanos);
        SpanQueue queue = export.queue();
        this.resource = resource(export);
        this.limits = SpanLimits.builder()
                .setMaxNumberOfAttributes(export.limits().attributes())
                .setMaxAttributeValueLength(export.limits().valueLength())
                .build();
        BatchSpanProcessor batches = BatchSpanProcessor.builder(new WatchedExporter(exporter(export), waiting, trouble))
                .setMaxQueueSize(queue.most())
                .setMaxExportBatchSize(queue.batch())
                .setScheduleDelay(queue.delay())
                .setExporterTimeout(queue.timeout())
                .build();
        this.processor = new BoundedSpans(batches, queue.most(), waiting, trouble);
    }

    private static Resource resource(SpanExport export) {
        AttributesBuilder attributes = Attributes.builder();
        export.resource().forEach(attributes::put);
        return Resource.getDefault().merge(Resource.create(attributes.build()));
    }

    private static OtlpHttpSpanExporter exporter(SpanExport export) {
        OtlpHttpSpanExporterBuilder builder = OtlpHttpSpanExporter.builder()
                .setEndpoint(export.endpoint())
                .setTimeout(export.timeout())
                .setConnectTimeout(export.timeout())
                .setCompression(export.gzip() ? "gzip" : "none");
        export.headers().forEach(builder::addHeader);
        ExportTls tls = export.tls();
        Path trusted = tls.trusted();
        if (trusted != null) {
            builder.setTrustedCertificates(content(trusted));
        }
        Path key = tls.clientKey();
        Path certificate = tls.clientCertificate();
        if (key != null && certificate != null) {
            builder.setClientTls(content(key), content(certificate));
        }
        return builder.build();
    }

    private static byte[] content(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** A maker of spans that go this way, for one more event loop. */
    SpanRecorder recorder() {
        return new SpanRecorder(resource, limits, processor);
    }

    /**
     * Sends what waits, and ends. Blocks for so long at the most.
     *
     * @return how many spans were not sent in that time
     */
    int close(Duration atMost) {
        CompletableResultCode closed = processor.shutdown().join(atMost.toMillis(), TimeUnit.MILLISECONDS);
        return closed.isDone() ? 0 : waiting.get();
    }
}
