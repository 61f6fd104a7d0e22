package dev.pointsman.balancer.trace;

import dev.pointsman.registry.OneLine;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.util.Collection;
import java.util.concurrent.atomic.AtomicInteger;

/** An exporter whose results are counted, and whose trouble is said once. Thread-safe. */
final class WatchedExporter implements SpanExporter {
    private final SpanExporter exporter;
    private final AtomicInteger waiting;
    private final SpanTrouble trouble;

    /**
     * A watched exporter.
     *
     * @param waiting the spans that wait, which those that come here do not any more
     */
    WatchedExporter(SpanExporter exporter, AtomicInteger waiting, SpanTrouble trouble) {
        this.exporter = exporter;
        this.waiting = waiting;
        this.trouble = trouble;
    }

    @Override
    public CompletableResultCode export(Collection<SpanData> spans) {
        // Now: the collection is used again for what comes next.
        int number = spans.size();
        CompletableResultCode result = exported(spans);
        return result.whenComplete(() -> {
            waiting.addAndGet(-number);
            if (result.isSuccess()) {
                trouble.exported(number);
            } else {
                Throwable cause = result.getFailureThrowable();
                trouble.failed(number, cause == null ? "no reason given" : OneLine.of(cause.toString()));
            }
        });
    }

    private CompletableResultCode exported(Collection<SpanData> spans) {
        try {
            return exporter.export(spans);
        } catch (RuntimeException broken) {
            return CompletableResultCode.ofExceptionalFailure(broken);
        }
    }

    @Override
    public CompletableResultCode flush() {
        return exporter.flush();
    }

    @Override
    public CompletableResultCode shutdown() {
        return exporter.shutdown();
    }
}
