package dev.pointsman.balancer.trace;

import dev.pointsman.balancer.config.SpanExport;
import dev.pointsman.registry.OneLine;

/** Thrown when there is no way to a collector by what is configured. The message is one sentence. */
public final class TracingException extends Exception {
    private static final long serialVersionUID = 1;

    TracingException(SpanExport export, RuntimeException cause) {
        super(
                "spans cannot be sent to " + OneLine.of(export.endpoint()) + " ("
                        + OneLine.of(String.valueOf(cause.getMessage()))
                        + "; expected: files in PEM, by OTEL_EXPORTER_OTLP_CERTIFICATE, _CLIENT_KEY and"
                        + " _CLIENT_CERTIFICATE)",
                cause);
    }
}
