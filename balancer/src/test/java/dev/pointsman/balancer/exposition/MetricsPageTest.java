package dev.pointsman.balancer.exposition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pointsman.balancer.testkit.TestBalancer;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The page of a whole balancer. */
class MetricsPageTest {
    @RegisterExtension
    private final TestBalancer balancer = new TestBalancer();

    private HttpResponse<byte[]> scrape(String... fields) throws Exception {
        HttpRequest.Builder get =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + balancer.adminPort() + "/metrics"));
        if (fields.length > 0) {
            get.headers(fields);
        }
        return HttpClient.newHttpClient().send(get.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    private String text() throws Exception {
        return new String(scrape().body(), StandardCharsets.UTF_8);
    }

    @Test
    void requests_upstreams_and_the_balancer_are_on_it() throws Exception {
        balancer.start();
        balancer.instances("a", "b");
        await().until(() -> balancer.client().get("/x?secret=1").status() == 200);

        await().untilAsserted(() -> assertThat(text())
                .contains("pointsman_requests_total{code=\"200\",method=\"GET\",route=\"/\",service=\"svc\"} 1.0")
                .contains("pointsman_request_duration_seconds_bucket{route=\"/\",service=\"svc\",le=\"+Inf\"} 1")
                .contains(
                        "pointsman_request_phase_duration_seconds_count{phase=\"first_byte\",route=\"/\",service=\"svc\"} 1")
                .contains("pointsman_upstream_responses_total{code=\"2xx\"")
                .contains("pointsman_upstream_ready{node=\"")
                .contains("pointsman_service_upstreams{service=\"svc\",state=\"ready\"} 2.0")
                .contains("pointsman_registry_last_response_age_seconds{service=\"svc\"}")
                .containsPattern("pointsman_registry_requests_total\\{kind=\"instances\"} [1-9]")
                .containsPattern("pointsman_registry_received_bytes_total\\{kind=\"instances\"} [1-9]")
                .contains("pointsman_ready 1.0")
                .contains("pointsman_client_connections ")
                .contains("pointsman_config_version 1.0")
                .contains("pointsman_observations_dropped_total{kind=\"access-log-lines\"} 0.0")
                .contains("pointsman_access_log_write_failures_total 0.0")
                .contains("jvm_memory_used_bytes")
                .contains("process_cpu_seconds_total"));
        assertThat(text()).doesNotContain("secret");
    }

    @Test
    void an_instance_that_joins_is_in_the_histogram_of_how_fast_changes_are_followed() throws Exception {
        balancer.start();
        AtomicInteger joined = new AtomicInteger();

        // Those that are there when the balancer first looks do not count.
        await().untilAsserted(() -> {
            balancer.instances("i" + joined.incrementAndGet());
            // A request for each: by turns, one alone may always go to an instance that was there before.
            for (int i = 0; i < joined.get(); i++) {
                balancer.client().get("/x");
            }
            assertThat(text()).containsPattern("pointsman_follow_seconds_count [1-9]");
        });
    }

    @Test
    void it_has_the_format_that_is_asked_for() throws Exception {
        balancer.start();

        assertThat(scrape().headers().firstValue("content-type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("text/plain; version=0.0.4; charset=utf-8"));
        HttpResponse<byte[]> open = scrape("accept", "application/openmetrics-text; version=1.0.0");
        assertThat(open.headers().firstValue("content-type").orElseThrow()).startsWith("application/openmetrics-text");
        assertThat(new String(open.body(), StandardCharsets.UTF_8)).endsWith("# EOF\n");
        HttpResponse<byte[]> protobuf = scrape(
                "accept",
                "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited;q=0.7,text/plain;q=0.3");
        assertThat(protobuf.headers().firstValue("content-type").orElseThrow())
                .startsWith("application/vnd.google.protobuf");
        assertThat(protobuf.body()).isNotEmpty();
    }

    @Test
    void it_is_packed_where_that_is_accepted() throws Exception {
        balancer.start();

        HttpResponse<byte[]> packed = scrape("accept-encoding", "gzip");

        assertThat(packed.headers().firstValue("content-encoding")).hasValue("gzip");
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(packed.body()))) {
            assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8)).contains("pointsman_ready 1.0");
        }
        assertThat(scrape("accept-encoding", "br, gzip;q=0").headers().firstValue("content-encoding"))
                .isEmpty();
    }

    @Test
    void without_metrics_the_rest_is_still_there_and_no_request_is_counted() throws Exception {
        balancer.start("metrics=false");
        balancer.instances("a");
        balancer.client().get("/x");

        assertThat(text()).contains("pointsman_ready 1.0").doesNotContain("pointsman_requests_total{");
    }
}
