package dev.pointsman.balancer.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pointsman.balancer.testkit.CapturedLog;
import dev.pointsman.balancer.testkit.TestProxy;
import dev.pointsman.balancer.testkit.TracedProxy;
import dev.pointsman.testkit.OtlpCollector;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A collector that is away, slow, or refuses: requests do not notice, losses are counted, and it is said once. */
@Timeout(60)
class CollectorTroubleTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final OtlpCollector collector;

    @RegisterExtension
    private final TestProxy proxy = new TestProxy("route=/svc=svc");

    @RegisterExtension
    private final CapturedLog log = new CapturedLog();

    CollectorTroubleTest() throws Exception {
        collector = OtlpCollector.start();
    }

    @AfterEach
    void end() {
        collector.close();
    }

    private TracedProxy traces(Map<String, String> more) throws Exception {
        Map<String, String> variables = new HashMap<>(more);
        variables.put("OTEL_EXPORTER_OTLP_ENDPOINT", collector.endpoint());
        TracedProxy traces = new TracedProxy(variables);
        proxy.tracedBy(traces.by()).reload("route=/svc=svc");
        return traces;
    }

    private void requests(int count) throws Exception {
        for (int i = 0; i < count; i++) {
            assertThat(proxy.get("/other").status()).isEqualTo(404);
        }
    }

    private int warnings() {
        return (int) Pattern.compile("WARN").matcher(log.text()).results().count();
    }

    @Test
    void one_that_refuses_costs_the_spans_and_is_said_once_until_it_takes_them_again() throws Exception {
        collector.respondWith(400);
        TracedProxy traces = traces(Map.of());
        SpanCounts counts = traces.tracing().counts();
        requests(3);
        await().atMost(PATIENCE).until(() -> counts.failed() == 3);
        requests(2);
        await().atMost(PATIENCE).until(() -> counts.failed() == 5);
        assertThat(warnings()).isOne();
        assertThat(log.text()).contains("Traces: " + collector.endpoint() + "/v1/traces does not take spans");

        collector.respondWith(200);
        requests(1);

        collector.await(1);
        await().atMost(PATIENCE).until(() -> counts.exported() == 1);
        assertThat(warnings()).isOne();
        traces.close();
    }

    @Test
    void one_that_is_away_costs_the_spans_and_nothing_else() throws Exception {
        collector.close();
        TracedProxy traces = traces(Map.of("OTEL_EXPORTER_OTLP_TIMEOUT", "300"));

        requests(3);

        await().atMost(PATIENCE).until(() -> traces.tracing().counts().failed() == 3);
        assertThat(warnings()).isOne();
        traces.close();
    }

    @Test
    void one_that_does_not_respond_fills_the_queue_and_what_does_not_fit_is_dropped_and_counted() throws Exception {
        collector.beSilent();
        TracedProxy traces = traces(Map.of("OTEL_BSP_MAX_QUEUE_SIZE", "4", "OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "2"));

        requests(10);

        assertThat(traces.tracing().counts().dropped()).isEqualTo(6);
        assertThat(warnings()).isOne();
        assertThat(log.text()).contains("those beyond the queue are dropped and counted");

        long began = System.nanoTime();
        traces.tracing().close(Duration.ofMillis(300));
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(5));
        assertThat(log.text()).contains("Traces: 4 spans were not sent within 300 ms, and are lost");
    }

    @Test
    void what_waits_is_sent_when_the_balancer_stops() throws Exception {
        TracedProxy traces = traces(Map.of("OTEL_BSP_SCHEDULE_DELAY", "3600000"));
        requests(3);
        assertThat(collector.spans()).isEmpty();

        traces.close();

        assertThat(collector.spans()).hasSize(3);
        assertThat(traces.tracing().counts().exported()).isEqualTo(3);
    }
}
