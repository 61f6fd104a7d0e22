package dev.pointsman.balancer.config;

import dev.pointsman.balancer.config.SpanExport.ExportTls;
import dev.pointsman.balancer.config.SpanExport.SpanQueue;
import dev.pointsman.balancer.config.SpanExport.SpanSize;
import java.net.URI;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The variables by which OpenTelemetry says where spans go. */
final class ExportVariables {
    private static final String DEFAULT_ENDPOINT = "http://localhost:4318";
    private static final String PATH = "/v1/traces";
    private static final String SERVICE_NAME = "service.name";
    private static final String DEFAULT_NAME = "pointsman";

    private final TelemetryVariables variables;

    private ExportVariables(TelemetryVariables variables) {
        this.variables = variables;
    }

    /** What they say; null for no traces, or if it cannot be read. */
    static @Nullable SpanExport read(TelemetryVariables variables) {
        return variables.isTrue("OTEL_SDK_DISABLED") ? null : new ExportVariables(variables).read();
    }

    private @Nullable SpanExport read() {
        checkPropagators();
        if (!isExported()) {
            return null;
        }
        only(ofTraces("PROTOCOL"), "http/protobuf", Set.of("http/protobuf"));
        return new SpanExport(
                endpoint(),
                headers(),
                variables.millis(ofTraces("TIMEOUT"), 1, 10_000),
                only(ofTraces("COMPRESSION"), "none", Set.of("none", "gzip")).equals("gzip"),
                tls(),
                queue(),
                size(),
                resource());
    }

    /** The name of the variable for traces, if that is set; else of that for all that is exported. */
    private String ofTraces(String what) {
        return variables.firstSet("OTEL_EXPORTER_OTLP_TRACES_" + what, "OTEL_EXPORTER_OTLP_" + what);
    }

    private String only(String name, String otherwise, Set<String> words) {
        String value = variables.text(name, otherwise);
        if (!words.contains(value)) {
            variables.problem(name, String.join(" or ", words.stream().sorted().toList()));
            return otherwise;
        }
        return value;
    }

    /** Baggage passes as any other field; other formats of the context of a trace are not spoken here. */
    private void checkPropagators() {
        String name = "OTEL_PROPAGATORS";
        Set<String> propagators = variables.words(name, Set.of("tracecontext", "baggage"));
        if (!propagators.contains("tracecontext")
                || !Set.of("tracecontext", "baggage").containsAll(propagators)) {
            variables.problem(name, "tracecontext, with or without baggage");
        }
    }

    private boolean isExported() {
        return !only("OTEL_TRACES_EXPORTER", "otlp", Set.of("otlp", "none")).equals("none");
    }

    private String endpoint() {
        URI ofTraces = variables.url("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT");
        if (ofTraces != null) {
            return ofTraces.toString();
        }
        URI ofAll = variables.url("OTEL_EXPORTER_OTLP_ENDPOINT");
        String base = ofAll == null ? DEFAULT_ENDPOINT : ofAll.toString();
        return (base.endsWith("/") ? base.substring(0, base.length() - 1) : base) + PATH;
    }

    private Map<String, String> headers() {
        String name = ofTraces("HEADERS");
        Map<String, String> headers = variables.pairs(name);
        boolean valid = headers.entrySet().stream()
                .allMatch(header -> header.getKey().matches("[!#$%&'*+.^_`|~0-9A-Za-z-]+")
                        && header.getValue().matches("[\\t -~]*"));
        if (!valid) {
            variables.secretProblem(name, "names and values of header fields, in ASCII");
            return Map.of();
        }
        return headers;
    }

    private ExportTls tls() {
        String keyName = ofTraces("CLIENT_KEY");
        Path trusted = variables.file(ofTraces("CERTIFICATE"));
        Path key = variables.file(keyName);
        Path certificate = variables.file(ofTraces("CLIENT_CERTIFICATE"));
        if ((key == null) != (certificate == null)) {
            variables.problem(keyName, "a key together with OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE");
        }
        return new ExportTls(trusted, key, certificate);
    }

    private SpanQueue queue() {
        int most = variables.number("OTEL_BSP_MAX_QUEUE_SIZE", 1, 2048);
        String batchName = "OTEL_BSP_MAX_EXPORT_BATCH_SIZE";
        int batch = variables.number(batchName, 1, Math.min(512, most));
        if (batch > most) {
            variables.problem(batchName, "not more than OTEL_BSP_MAX_QUEUE_SIZE, " + most);
        }
        return new SpanQueue(
                most,
                batch,
                variables.millis("OTEL_BSP_SCHEDULE_DELAY", 1, 5_000),
                variables.millis("OTEL_BSP_EXPORT_TIMEOUT", 1, 30_000));
    }

    private SpanSize size() {
        return new SpanSize(
                variables.number(
                        variables.firstSet("OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT", "OTEL_ATTRIBUTE_COUNT_LIMIT"), 1, 128),
                variables.number(
                        variables.firstSet(
                                "OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT", "OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT"),
                        1,
                        Integer.MAX_VALUE));
    }

    private Map<String, String> resource() {
        Map<String, String> resource = new LinkedHashMap<>();
        resource.put(SERVICE_NAME, DEFAULT_NAME);
        resource.putAll(variables.pairs("OTEL_RESOURCE_ATTRIBUTES"));
        String name = variables.text("OTEL_SERVICE_NAME");
        if (name != null) {
            resource.put(SERVICE_NAME, name);
        }
        return resource;
    }
}
