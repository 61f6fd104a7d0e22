package dev.pointsman.balancer.testkit;

import dev.pointsman.balancer.config.BalancerConfig;
import dev.pointsman.balancer.config.ConfigReader;
import dev.pointsman.balancer.observe.RequestTracer;
import dev.pointsman.balancer.trace.Tracing;
import dev.pointsman.settings.Setting;
import dev.pointsman.testkit.OtlpCollector;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The traces of a {@link TestProxy} on their way to a collector of the tests. */
public final class TracedProxy implements AutoCloseable {
    private final Tracing tracing = new Tracing(System::nanoTime, Clock.systemUTC());
    private final Map<String, String> variables;

    /** Traces that go to a collector soon after they were recorded. */
    public TracedProxy(OtlpCollector collector) {
        this(Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", collector.endpoint()));
    }

    /** Traces by OpenTelemetry's variables. */
    public TracedProxy(Map<String, String> variables) {
        this.variables = new HashMap<>(Map.of("OTEL_BSP_SCHEDULE_DELAY", "10"));
        this.variables.putAll(variables);
    }

    /** The maker of traces by these settings, such as "trace-sample=0". */
    public RequestTracer by(String... settings) throws Exception {
        List<Setting> all = new ArrayList<>(List.of(Setting.flag("tracing", "true")));
        for (String setting : settings) {
            int equals = setting.indexOf('=');
            all.add(Setting.flag(setting.substring(0, equals), setting.substring(equals + 1)));
        }
        BalancerConfig config = ConfigReader.read(all, variables);
        tracing.prepare(config.observation().tracing());
        return Objects.requireNonNull(tracing.ofLoop(config.observation().tracing()));
    }

    public Tracing tracing() {
        return tracing;
    }

    @Override
    public void close() {
        tracing.close(Duration.ofSeconds(5));
    }
}
