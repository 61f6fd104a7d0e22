package dev.pointsman.balancer.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.pointsman.balancer.config.SpanExport.SpanQueue;
import dev.pointsman.settings.Setting;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How requests are traced, by settings and by OpenTelemetry's variables. */
class TracingConfigTest {
    private static TracingConfig read(Map<String, String> variables, Setting... settings) throws ConfigException {
        List<Setting> all = new ArrayList<>(List.of(Setting.flag("tracing", "true")));
        all.addAll(List.of(settings));
        return ConfigReader.read(all, variables).observation().tracing();
    }

    private static SpanExport export(Map<String, String> variables) throws ConfigException {
        return Objects.requireNonNull(read(variables).export());
    }

    private static List<String> problems(Map<String, String> variables) {
        return Objects.requireNonNull(catchThrowableOfType(ConfigException.class, () -> read(variables)))
                .problems();
    }

    @Test
    void nothing_is_traced_by_default_and_no_variable_is_looked_at() throws ConfigException {
        TracingConfig tracing = ConfigReader.read(
                        List.of(Setting.flag("trace-sample", "0.5")), Map.of("OTEL_TRACES_EXPORTER", "jaeger"))
                .observation()
                .tracing();

        assertThat(tracing).isEqualTo(TracingConfig.OFF);
    }

    @Test
    void without_variables_all_goes_to_a_collector_on_this_machine() throws ConfigException {
        TracingConfig tracing = read(Map.of());

        assertThat(tracing.sampling()).isEqualTo(new TraceSampling(true, 1));
        assertThat(tracing.restart()).isFalse();
        SpanExport export = Objects.requireNonNull(tracing.export());
        assertThat(export.endpoint()).isEqualTo("http://localhost:4318/v1/traces");
        assertThat(export.timeout()).isEqualTo(Duration.ofSeconds(10));
        assertThat(export.gzip()).isFalse();
        assertThat(export.queue()).isEqualTo(new SpanQueue(2048, 512, Duration.ofSeconds(5), Duration.ofSeconds(30)));
        assertThat(export.resource()).containsExactly(Map.entry("service.name", "pointsman"));
    }

    @ParameterizedTest
    @CsvSource({
        "always_on, , false, 1",
        "always_off, , false, 0",
        "traceidratio, 0.25, false, 0.25",
        "traceidratio, , false, 1",
        "parentbased_always_on, 0.1, true, 1",
        "parentbased_always_off, , true, 0",
        "parentbased_traceidratio, 0.01, true, 0.01"
    })
    void the_sampler_is_the_one_that_is_named(String sampler, String argument, boolean byParent, double ratio)
            throws ConfigException {
        Map<String, String> variables = new HashMap<>(Map.of("OTEL_TRACES_SAMPLER", sampler));
        if (argument != null) {
            variables.put("OTEL_TRACES_SAMPLER_ARG", argument);
        }

        assertThat(read(variables).sampling()).isEqualTo(new TraceSampling(byParent, ratio));
    }

    @Test
    void a_setting_counts_before_the_variable() throws ConfigException {
        TracingConfig tracing = read(
                Map.of("OTEL_TRACES_SAMPLER", "always_on"),
                Setting.flag("trace-sample", "0.01"),
                Setting.flag("trace-restart", "true"));

        assertThat(tracing.sampling()).isEqualTo(new TraceSampling(true, 0.01));
        assertThat(tracing.restart()).isTrue();
    }

    @Test
    void a_variable_for_traces_counts_before_one_for_all() throws ConfigException {
        SpanExport export = export(Map.of(
                "OTEL_EXPORTER_OTLP_ENDPOINT", "http://all:4318",
                "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "https://traces/as-it-is",
                "OTEL_EXPORTER_OTLP_TIMEOUT", "1000",
                "OTEL_EXPORTER_OTLP_TRACES_TIMEOUT", "2000",
                "OTEL_EXPORTER_OTLP_HEADERS", "a=all",
                "OTEL_EXPORTER_OTLP_TRACES_HEADERS", "a=traces, b = x%20y "));

        assertThat(export.endpoint()).isEqualTo("https://traces/as-it-is");
        assertThat(export.timeout()).isEqualTo(Duration.ofSeconds(2));
        assertThat(export.headers()).containsOnly(Map.entry("a", "traces"), Map.entry("b", "x y"));
        assertThat(export.toString()).doesNotContain("x y");
    }

    @ParameterizedTest
    @CsvSource({"http://c:4318, http://c:4318/v1/traces", "http://c/base/, http://c/base/v1/traces"})
    void the_path_of_traces_is_below_the_endpoint_for_all(String all, String traces) throws ConfigException {
        assertThat(export(Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", all)).endpoint())
                .isEqualTo(traces);
    }

    @Test
    void an_empty_variable_is_as_none() throws ConfigException {
        assertThat(export(Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", "", "OTEL_BSP_MAX_QUEUE_SIZE", " ")))
                .isEqualTo(export(Map.of()));
    }

    @ParameterizedTest
    @CsvSource({"OTEL_SDK_DISABLED, TRUE", "OTEL_TRACES_EXPORTER, none"})
    void opentelemetry_s_own_switches_turn_traces_off(String name, String value) throws ConfigException {
        TracingConfig tracing = read(Map.of(name, value));

        assertThat(tracing.on()).isTrue();
        assertThat(tracing.export()).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "OTEL_TRACES_SAMPLER|xray|\"xray\" (expected: always_on, always_off, traceidratio, or one of them after parentbased_)",
                "OTEL_EXPORTER_OTLP_PROTOCOL|grpc|\"grpc\" (expected: http/protobuf)",
                "OTEL_TRACES_EXPORTER|zipkin|\"zipkin\" (expected: none or otlp)",
                "OTEL_PROPAGATORS|b3|\"b3\" (expected: tracecontext, with or without baggage)",
                "OTEL_PROPAGATORS|tracecontext,b3|\"tracecontext,b3\" (expected: tracecontext, with or without baggage)",
                "OTEL_BSP_MAX_QUEUE_SIZE|many|\"many\" (expected: a whole number from 1 on)",
                "OTEL_BSP_SCHEDULE_DELAY|-5|\"-5\" (expected: a whole number from 1 on)",
                "OTEL_BSP_MAX_EXPORT_BATCH_SIZE|4096|\"4096\" (expected: not more than OTEL_BSP_MAX_QUEUE_SIZE, 2048)",
                "OTEL_EXPORTER_OTLP_COMPRESSION|zip|\"zip\" (expected: gzip or none)",
                "OTEL_EXPORTER_OTLP_CERTIFICATE|/no/such/file|\"/no/such/file\" (expected: a file that can be read)",
                "OTEL_EXPORTER_OTLP_ENDPOINT|collector:4318|a value that is not shown (expected: a URL such as http://localhost:4318; credentials go into OTEL_EXPORTER_OTLP_HEADERS)",
                "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT|http://collector:99999/|a value that is not shown (expected: a URL such as http://localhost:4318; credentials go into OTEL_EXPORTER_OTLP_HEADERS)",
                "OTEL_EXPORTER_OTLP_ENDPOINT|http://me:secret@collector:4318|a value that is not shown (expected: a URL such as http://localhost:4318; credentials go into OTEL_EXPORTER_OTLP_HEADERS)",
                "OTEL_SDK_DISABLED|yes|\"yes\" (expected: true or false)",
                "OTEL_EXPORTER_OTLP_HEADERS|secret|a value that is not shown (expected: key=value pairs, separated by commas, their values percent-encoded)",
                "OTEL_EXPORTER_OTLP_HEADERS|a=%0d%0ab|a value that is not shown (expected: names and values of header fields, in ASCII)",
                "OTEL_RESOURCE_ATTRIBUTES|a=%zz|a value that is not shown (expected: key=value pairs, separated by commas, their values percent-encoded)"
            })
    void what_cannot_be_read_is_said_in_a_sentence(String name, String value, String sentence) {
        assertThat(problems(Map.of(name, value))).containsExactly(name + ": " + sentence);
    }

    @Test
    void a_ratio_that_is_none_is_said() {
        assertThat(problems(Map.of("OTEL_TRACES_SAMPLER", "traceidratio", "OTEL_TRACES_SAMPLER_ARG", "1.5")))
                .containsExactly("OTEL_TRACES_SAMPLER_ARG: \"1.5\" (expected: a number from 0 to 1, such as 0.01)");
        for (String bad : List.of("1.5", "-1", "1e-3", "10%", "NaN", "")) {
            ConfigException refused = catchThrowableOfType(
                    ConfigException.class, () -> read(Map.of(), Setting.flag("trace-sample", bad)));
            assertThat(Objects.requireNonNull(refused).problems())
                    .singleElement()
                    .asString()
                    .contains("a number from 0 to 1, such as 0.01");
        }
    }

    @Test
    void a_key_needs_its_certificate(@TempDir Path folder) throws Exception {
        Path key = Files.writeString(folder.resolve("key.pem"), "key");

        assertThat(problems(Map.of("OTEL_EXPORTER_OTLP_CLIENT_KEY", key.toString())))
                .singleElement()
                .asString()
                .contains("together with OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE");
    }
}
