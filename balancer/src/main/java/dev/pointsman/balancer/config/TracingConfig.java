package dev.pointsman.balancer.config;

import dev.pointsman.balancer.observe.MaskedNames;
import dev.pointsman.settings.Settings;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How requests are traced.
 *
 * @param on whether they are to be
 * @param sampling which of them are recorded
 * @param restart whether what clients say about traces is not believed, but for trusted proxies
 * @param knownMethods the methods that spans name; each other one is {@code _OTHER}
 * @param masked the query parameters whose values are not told
 * @param export where spans go; null for nowhere, so that nothing is traced
 */
public record TracingConfig(
        boolean on,
        TraceSampling sampling,
        boolean restart,
        Set<String> knownMethods,
        MaskedNames masked,
        @Nullable SpanExport export) {
    /** Those of RFC 9110 and RFC 5789. */
    public static final Set<String> KNOWN_METHODS =
            Set.of("GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH");

    /** No request is traced. */
    public static final TracingConfig OFF =
            new TracingConfig(false, TraceSampling.DEFAULT, false, KNOWN_METHODS, MaskedNames.NONE, null);

    public TracingConfig {
        knownMethods = Set.copyOf(knownMethods);
    }

    /** What settings and OpenTelemetry's variables say; those are read only where requests are to be traced. */
    static TracingConfig read(Settings settings, Map<String, String> environment, boolean looksAtFiles) {
        boolean on = settings.get(ObservationSettings.TRACING);
        Double ratio = settings.find(ObservationSettings.TRACE_SAMPLE);
        boolean restart = settings.get(ObservationSettings.TRACE_RESTART);
        if (!on) {
            return OFF;
        }
        TelemetryVariables variables = new TelemetryVariables(environment, settings::problem, looksAtFiles);
        TraceSampling byVariables = SamplerVariables.read(variables);
        SpanExport export = ExportVariables.read(variables);
        return new TracingConfig(
                true,
                ratio == null ? byVariables : new TraceSampling(true, ratio),
                restart,
                variables.words("OTEL_INSTRUMENTATION_HTTP_KNOWN_METHODS", KNOWN_METHODS),
                new MaskedNames(settings.get(ObservationSettings.MASK)),
                export);
    }
}
