package dev.pointsman.balancer.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where recorded spans go, how, and how many wait for it: OpenTelemetry's protocol (OTLP) over HTTP.
 *
 * @param endpoint the collector's URL, its path included
 * @param headers sent with each export; they may hold credentials and are shown nowhere
 * @param timeout for an export, attempts included
 * @param gzip whether exports are compressed
 * @param tls by which files the connection is made, if it is by TLS
 * @param queue how many spans wait
 * @param limits of what a span holds
 * @param resource the attributes that say who sends these spans
 */
public record SpanExport(
        String endpoint,
        Map<String, String> headers,
        Duration timeout,
        boolean gzip,
        ExportTls tls,
        SpanQueue queue,
        SpanSize limits,
        Map<String, String> resource) {
    /**
     * The files of a connection by TLS, in PEM.
     *
     * @param trusted the certificates that the collector's is checked against; null for the JVM's
     * @param clientKey with {@code clientCertificate}; null for none
     * @param clientCertificate what is shown to the collector; null for none
     */
    public record ExportTls(
            @Nullable Path trusted,
            @Nullable Path clientKey,
            @Nullable Path clientCertificate) {}

    /**
     * The queue of spans that are to be exported.
     *
     * @param most spans that wait; what comes then is dropped
     * @param batch the most spans of one export
     * @param delay the longest wait for a batch to be full
     * @param timeout for one export
     */
    public record SpanQueue(int most, int batch, Duration delay, Duration timeout) {}

    /**
     * The most that a span holds.
     *
     * @param attributes their number
     * @param valueLength the characters of a value
     */
    public record SpanSize(int attributes, int valueLength) {}

    public SpanExport {
        headers = Map.copyOf(headers);
        resource = Map.copyOf(resource);
    }

    /** Without the headers' values. */
    @Override
    public String toString() {
        return "SpanExport[endpoint=" + endpoint + ", headers=" + headers.keySet() + ", timeout=" + timeout + ", gzip="
                + gzip + ", tls=" + tls + ", queue=" + queue + ", limits=" + limits + ", resource=" + resource + "]";
    }
}
