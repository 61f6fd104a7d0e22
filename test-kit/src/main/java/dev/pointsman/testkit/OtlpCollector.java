package dev.pointsman.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Predicate;
import java.util.zip.GZIPInputStream;
import org.awaitility.Awaitility;

/** A collector of traces that takes OpenTelemetry's protocol over HTTP, and reads it by the protocol's own classes. Thread-safe. */
public final class OtlpCollector implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<CollectedSpan> spans = new CopyOnWriteArrayList<>();
    private final List<Map<String, String>> requests = new CopyOnWriteArrayList<>();
    private final CountDownLatch closing = new CountDownLatch(1);
    private volatile int status = 200;
    private volatile boolean silent;

    /**
     * A span that was received.
     *
     * @param parentId empty for none
     * @param kind SERVER or CLIENT
     * @param isError whether its status is Error
     * @param attributes their values as text
     * @param resource the attributes of who has sent it
     * @param began nanoseconds since 1970
     * @param ended likewise
     */
    public record CollectedSpan(
            String traceId,
            String spanId,
            String parentId,
            String name,
            String kind,
            boolean isError,
            String reason,
            String tracestate,
            Map<String, String> attributes,
            Map<String, String> resource,
            long began,
            long ended) {
        public boolean isServer() {
            return kind.equals("SERVER");
        }
    }

    private OtlpCollector(int port) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.setExecutor(threads);
        server.createContext("/v1/traces", this::handle);
        server.start();
    }

    /** One at a port of its own. */
    public static OtlpCollector start() throws IOException {
        return new OtlpCollector(0);
    }

    /** One at the port of an earlier one. */
    public static OtlpCollector startAt(int port) throws IOException {
        return new OtlpCollector(port);
    }

    public int port() {
        return server.getAddress().getPort();
    }

    /** What {@code OTEL_EXPORTER_OTLP_ENDPOINT} is set to. */
    public String endpoint() {
        return "http://127.0.0.1:" + port();
    }

    /** Has exports responded to with another status from now on. */
    public void respondWith(int other) {
        status = other;
    }

    /** Has exports responded to only when it is closed. */
    public void beSilent() {
        silent = true;
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            Map<String, String> fields = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
            exchange.getRequestHeaders().forEach((name, values) -> fields.put(name, String.join(",", values)));
            byte[] body = exchange.getRequestBody().readAllBytes();
            requests.add(fields);
            if (silent) {
                awaitClose();
            }
            if (status == 200) {
                read(body, "gzip".equals(fields.get("Content-Encoding")));
            }
            exchange.sendResponseHeaders(status, -1);
        }
    }

    private void awaitClose() {
        try {
            closing.await();
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }

    private void read(byte[] body, boolean gzip) throws IOException {
        try (InputStream plain = new ByteArrayInputStream(body);
                InputStream in = gzip ? new GZIPInputStream(plain) : plain) {
            for (ResourceSpans of : ExportTraceServiceRequest.parseFrom(in).getResourceSpansList()) {
                Map<String, String> resource = texts(of.getResource().getAttributesList());
                of.getScopeSpansList().stream()
                        .flatMap(scope -> scope.getSpansList().stream())
                        .map(span -> collected(span, resource))
                        .forEach(spans::add);
            }
        }
    }

    private static CollectedSpan collected(Span span, Map<String, String> resource) {
        HexFormat hex = HexFormat.of();
        return new CollectedSpan(
                hex.formatHex(span.getTraceId().toByteArray()),
                hex.formatHex(span.getSpanId().toByteArray()),
                hex.formatHex(span.getParentSpanId().toByteArray()),
                span.getName(),
                span.getKind().name().replace("SPAN_KIND_", ""),
                span.getStatus().getCodeValue() == 2,
                span.getStatus().getMessage(),
                span.getTraceState(),
                texts(span.getAttributesList()),
                resource,
                span.getStartTimeUnixNano(),
                span.getEndTimeUnixNano());
    }

    private static Map<String, String> texts(List<KeyValue> attributes) {
        Map<String, String> texts = new TreeMap<>();
        attributes.forEach(attribute -> texts.put(attribute.getKey(), text(attribute.getValue())));
        return texts;
    }

    private static String text(AnyValue value) {
        return switch (value.getValueCase()) {
            case STRING_VALUE -> value.getStringValue();
            case INT_VALUE -> Long.toString(value.getIntValue());
            case BOOL_VALUE -> Boolean.toString(value.getBoolValue());
            case DOUBLE_VALUE -> Double.toString(value.getDoubleValue());
            default -> value.toString();
        };
    }

    /** The spans that have come so far. */
    public List<CollectedSpan> spans() {
        return List.copyOf(spans);
    }

    /** The fields of the exports that have come so far, whatever the response was. */
    public List<Map<String, String>> exports() {
        return List.copyOf(requests);
    }

    /** The spans that have come, once there are so many of this sort. */
    public List<CollectedSpan> await(int count, Predicate<CollectedSpan> sort) {
        Awaitility.await().atMost(PATIENCE).untilAsserted(() -> assertThat(
                        spans.stream().filter(sort).toList())
                .as("spans that have come: %s", spans)
                .hasSizeGreaterThanOrEqualTo(count));
        return spans.stream().filter(sort).toList();
    }

    /** All spans that have come, once there are so many. */
    public List<CollectedSpan> await(int count) {
        return await(count, span -> true);
    }

    @Override
    public void close() {
        closing.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
