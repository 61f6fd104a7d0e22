package dev.pointsman.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pointsman.testkit.FreePorts;
import dev.pointsman.testkit.NeedsPrograms;
import dev.pointsman.testkit.TestHttp;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a real Prometheus makes of the metrics, and of the files of docs/observability. */
@NeedsPrograms(
        value = {"prometheus", "promtool"},
        debianPackage = "prometheus")
class PrometheusIT {
    private static final Path FILES = Path.of("..", "docs", "observability");
    private static final String API = "api-service";
    private static final Pattern READY = Pattern.compile("Server is ready to receive web requests");

    @RegisterExtension
    private final Cluster cluster = new Cluster();

    @TempDir
    private Path folder = Path.of(".");

    private BalancerProcess balancer;
    private @Nullable TestHttp prometheus;

    @BeforeEach
    void startWhatIsScraped() {
        balancer = cluster.devBalancer();
        cluster.services(2, API);
        balancer.awaitReadyInstances(API, 2);
        // One that fails, so that there are failures, too.
        assertThat(balancer.get("/").status()).isEqualTo(503);
        balancer.pidsOf(10, "/api/x");
    }

    private void startPrometheus(String... flags) throws IOException {
        String config = Files.readString(FILES.resolve("prometheus.yml"))
                .replace("15s", "1s")
                .replace(
                        "alerts.yml",
                        FILES.resolve("alerts.yml").toAbsolutePath().normalize().toString())
                .replace("127.0.0.1:9901", "127.0.0.1:" + balancer.adminPort());
        Path file = Files.writeString(folder.resolve("prometheus.yml"), config);
        int port = FreePorts.take();
        List<String> command = new ArrayList<>(List.of(
                "prometheus",
                "--config.file=" + file,
                "--storage.tsdb.path=" + folder.resolve("data"),
                "--web.listen-address=127.0.0.1:" + port));
        command.addAll(List.of(flags));
        cluster.start("prometheus", Map.of(), command).awaitOutput("that it is ready", READY);
        prometheus = new TestHttp("http://127.0.0.1:" + port);
    }

    private TestHttp prometheus() {
        return Objects.requireNonNull(prometheus, "not started");
    }

    private JsonNode query(String expression) {
        JsonNode reply = prometheus()
                .get("/api/v1/query?query=" + URLEncoder.encode(expression, StandardCharsets.UTF_8))
                .json();
        assertThat(reply.path("status").asText()).as(expression + ": " + reply).isEqualTo("success");
        return reply.path("data").path("result");
    }

    private double value(String expression) {
        JsonNode result = query(expression);
        return result.isEmpty()
                ? Double.NaN
                : result.get(0).path("value").get(1).asDouble();
    }

    private static String documentation() throws IOException {
        return Files.readString(FILES.resolve(Path.of("..", "metrics.md")));
    }

    private void promtool(String name, String... arguments) {
        List<String> command = new ArrayList<>(List.of("promtool"));
        command.addAll(List.of(arguments));
        Program program = cluster.start(name, Map.of(), command);
        assertThat(program.awaitExit()).as(program.output()).isZero();
    }

    @Test
    void it_scrapes_what_was_counted_and_knows_the_alerts() throws IOException {
        startPrometheus();

        Soon.holds("the requests", () -> assertThat(
                        value("sum(pointsman_requests_total{route=\"/api\",service=\"api-service\",code=\"200\"})"))
                .isEqualTo(10));
        assertThat(value("pointsman_request_duration_seconds_count{route=\"/api\"}"))
                .isEqualTo(10);
        assertThat(value("pointsman_service_upstreams{service=\"api-service\",state=\"ready\"}"))
                .isEqualTo(2);
        assertThat(value("up{job=\"pointsman\"}")).isEqualTo(1);
        JsonNode rules = prometheus()
                .get("/api/v1/rules")
                .json()
                .path("data")
                .path("groups")
                .get(0)
                .path("rules");
        assertThat(rules).hasSizeGreaterThan(10);
        Soon.holds("the alert on the service without instances", () -> assertThat(
                        prometheus().get("/api/v1/alerts").body())
                .contains("PointsmanServiceWithoutInstances", "webapp-service"));
        for (JsonNode rule : rules) {
            Soon.holds(
                    "the rule " + rule.path("name"),
                    () -> assertThat(prometheus().get("/api/v1/rules").body()).doesNotContain("\"health\":\"err\""));
        }
    }

    @Test
    void the_native_histograms_are_scraped_where_prometheus_wants_them() throws IOException {
        startPrometheus("--enable-feature=native-histograms");

        Soon.holds("the histogram", () -> assertThat(
                        value("histogram_count(pointsman_request_duration_seconds{route=\"/api\"})"))
                .isEqualTo(10));
        assertThat(value("histogram_quantile(0.99, pointsman_request_duration_seconds{route=\"/api\"})"))
                .isBetween(0.000_01, 60.0);
    }

    /** A Prometheus that takes the native histograms has no buckets, one that does not has nothing else. */
    @ParameterizedTest
    @ValueSource(strings = {"--enable-feature=native-histograms", "--log.level=info"})
    void times_are_known_to_the_dashboard_and_to_the_alert_by_either_kind_of_histogram(String flag) throws IOException {
        startPrometheus(flag);
        Soon.holds(
                "the rules",
                () -> assertThat(prometheus().get("/api/v1/rules").body()).contains("PointsmanSlow"));
        List<String> quantiles = new ArrayList<>(dashboardExpressions());
        quantiles.addAll(prometheus().get("/api/v1/rules").json().findValuesAsText("query"));
        quantiles.removeIf(expression -> !expression.contains("histogram_quantile"));

        assertThat(quantiles)
                .hasSizeGreaterThan(5)
                .allSatisfy(expression ->
                        Soon.holds(expression, () -> assertThat(query(expression.replaceAll(" > \\d+$", "")))
                                .isNotEmpty()));
    }

    /** What its panels ask, with all that can be chosen there. */
    private static List<String> dashboardExpressions() throws IOException {
        return new ObjectMapper()
                .readTree(FILES.resolve("grafana.json").toFile()).findValuesAsText("expr").stream()
                        .map(expression -> expression
                                .replaceAll("\\$(balancer|route|service)", ".*")
                                .replace("$__rate_interval", "1m"))
                        .toList();
    }

    @Test
    void each_question_of_the_dashboard_is_understood() throws IOException {
        startPrometheus();
        Soon.holds("a scrape", () -> assertThat(value("pointsman_ready")).isEqualTo(1));
        String page = documentation();

        assertThat(dashboardExpressions()).hasSizeGreaterThan(30).allSatisfy(asked -> {
            query(asked);
            Pattern.compile("pointsman_[a-z_]+").matcher(asked).results().forEach(name -> assertThat(page)
                    .contains("`" + name.group().replaceAll("_bucket$", "") + "`"));
        });
    }

    @Test
    void promtool_finds_nothing_wrong_with_names_alerts_and_their_tests() throws IOException {
        String metrics = balancer.admin("/metrics").body();
        Path file = Files.writeString(folder.resolve("metrics.txt"), metrics);
        String page = documentation();

        Program names = cluster.start(
                "check metrics", Map.of(), List.of("sh", "-c", "promtool check metrics <\"$0\"", file.toString()));
        assertThat(names.awaitExit()).as(names.output()).isZero();
        assertThat(names.output()).isEmpty();
        Pattern.compile("(?m)^# TYPE (pointsman_[a-z_]+) ")
                .matcher(metrics)
                .results()
                .forEach(name -> assertThat(page).contains("`" + name.group(1) + "`"));
        promtool("check rules", "check", "rules", FILES.resolve("alerts.yml").toString());
        promtool(
                "check config",
                "check",
                "config",
                FILES.resolve("prometheus.yml").toString());
        promtool("test rules", "test", "rules", FILES.resolve("alerts_test.yml").toString());
    }
}
