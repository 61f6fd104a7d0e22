package dev.pointsman.system;

import static dev.pointsman.system.Cluster.API;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.pointsman.testkit.OtlpCollector;
import dev.pointsman.testkit.OtlpCollector.CollectedSpan;
import dev.pointsman.testkit.TestHttp;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** One trace through everything: a client, two balancers one behind the other, services that call each other, a collector. */
class TracesIT {
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String PARENT = "00f067aa0ba902b7";
    private static final String SAMPLED = "traceparent: 00-" + TRACE + "-" + PARENT + "-01";
    private static final String OTHER = "other-service";

    @RegisterExtension
    final Cluster cluster = new Cluster();

    private final OtlpCollector collector;

    TracesIT() throws IOException {
        collector = OtlpCollector.start();
    }

    @BeforeEach
    void a_registry_runs() {
        cluster.atTheEnd(collector::close);
        Program unused = cluster.startRegistry(0);
    }

    private BalancerProcess balancer(String name, String... flags) {
        Map<String, String> variables = Map.of(
                "OTEL_EXPORTER_OTLP_ENDPOINT",
                collector.endpoint(),
                "OTEL_BSP_SCHEDULE_DELAY",
                "50",
                "OTEL_SERVICE_NAME",
                name);
        String[] all = Stream.of(Cluster.anyPorts(), Stream.of("--consul", cluster.registry()), Stream.of(flags))
                .flatMap(some -> some)
                .toArray(String[]::new);
        return BalancerProcess.awaitReady(cluster.start(name, variables, Jar.command("balancer", all)));
    }

    private BalancerProcess edgeBefore(BalancerProcess inner, String... more) {
        return balancer(
                "edge",
                Stream.concat(
                                Stream.of("--tracing", "true", "--route", "/=http://127.0.0.1:" + inner.port()),
                                Stream.of(more))
                        .toArray(String[]::new));
    }

    private static CollectedSpan childOf(CollectedSpan parent, List<CollectedSpan> spans) {
        List<CollectedSpan> children = spans.stream()
                .filter(span -> span.parentId().equals(parent.spanId()))
                .toList();
        assertThat(children).as("children of %s", parent).hasSize(1);
        return children.get(0);
    }

    private static String service(CollectedSpan span) {
        return String.valueOf(span.resource().get("service.name"));
    }

    private static Response get(BalancerProcess through, String path, String... fields) throws IOException {
        try (KeepAliveClient client = new KeepAliveClient(through.port())) {
            return client.get(path, fields);
        }
    }

    @Test
    void a_request_through_two_balancers_to_a_service_is_one_trace_with_each_below_the_one_before() throws Exception {
        cluster.service(API);
        BalancerProcess inner = balancer("inner", "--tracing", "true");
        inner.awaitReadyInstances(API, 1);
        BalancerProcess edge = edgeBefore(inner);

        assertThat(get(edge, "/api/x?sig=secret", SAMPLED).status()).isEqualTo(200);

        List<CollectedSpan> spans = collector.await(4);
        assertThat(spans).hasSize(4).extracting(CollectedSpan::traceId).containsOnly(TRACE);
        CollectedSpan first = spans.stream()
                .filter(span -> span.parentId().equals(PARENT))
                .findFirst()
                .orElseThrow();
        CollectedSpan second = childOf(first, spans);
        CollectedSpan third = childOf(second, spans);
        CollectedSpan fourth = childOf(third, spans);
        assertThat(Stream.of(first, second, third, fourth).map(span -> service(span) + " " + span.kind()))
                .containsExactly("edge SERVER", "edge CLIENT", "inner SERVER", "inner CLIENT");
        assertThat(third.name()).isEqualTo("GET /api");
        assertThat(fourth.attributes()).containsEntry("pointsman.service", API);
        assertThat(spans.toString()).doesNotContain("secret");
    }

    @Test
    void what_a_service_calls_while_it_serves_is_told_of_the_same_trace() throws Exception {
        BlockingQueue<String> told = new LinkedBlockingQueue<>();
        HttpServer called = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        cluster.atTheEnd(() -> called.stop(0));
        called.createContext("/", exchange -> {
            told.add(String.valueOf(exchange.getRequestHeaders().getFirst("traceparent")));
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        called.start();
        String registration =
                "{\"Name\":\"" + OTHER + "\",\"Tags\":[\"" + OTHER + "\"],\"Address\":\"127.0.0.1\",\"Port\":"
                        + called.getAddress().getPort() + "}";
        assertThat(new TestHttp(cluster.registry())
                        .send("PUT", "/v1/agent/service/register", registration, Map.of())
                        .status())
                .isEqualTo(200);
        BalancerProcess balancer = balancer("balancer", "--tracing", "true");
        cluster.service(API, "--calls", OTHER);
        balancer.awaitReadyInstances(API, 1);

        assertThat(get(balancer, "/api/chain", SAMPLED).status()).isEqualTo(200);

        CollectedSpan attempt = collector.await(1, span -> !span.isServer()).get(0);
        assertThat(told.poll(15, TimeUnit.SECONDS)).isEqualTo("00-" + TRACE + "-" + attempt.spanId() + "-01");
    }

    @Test
    void what_is_not_recorded_goes_through_both_without_a_span() throws Exception {
        cluster.service(API);
        BalancerProcess inner = balancer("inner", "--tracing", "true");
        inner.awaitReadyInstances(API, 1);
        BalancerProcess edge = edgeBefore(inner, "--trace-sample", "0");

        get(edge, "/api/not");
        get(edge, "/api/not", SAMPLED.replace("-01", "-00"));
        get(edge, "/api/recorded", SAMPLED);

        List<CollectedSpan> spans = collector.await(4);
        assertThat(spans).hasSize(4).extracting(CollectedSpan::traceId).containsOnly(TRACE);
    }

    @Test
    void strangers_begin_a_new_trace_at_an_edge_that_does_not_believe_them() throws Exception {
        cluster.service(API);
        BalancerProcess inner = balancer("inner", "--tracing", "true");
        inner.awaitReadyInstances(API, 1);
        BalancerProcess edge = edgeBefore(inner, "--trace-restart", "true");

        get(edge, "/api/x", SAMPLED);

        List<CollectedSpan> spans = collector.await(4);
        assertThat(spans).extracting(CollectedSpan::traceId).doesNotContain(TRACE);
        assertThat(spans.stream().map(CollectedSpan::traceId).distinct()).hasSize(1);
        assertThat(spans.stream().filter(span -> span.parentId().isEmpty())).hasSize(1);
    }

    @Test
    void a_collector_that_is_gone_costs_no_request() {
        collector.close();
        cluster.service(API);
        BalancerProcess balancer = balancer("balancer", "--tracing", "true");
        balancer.awaitReadyInstances(API, 1);
        Load load = cluster.load(balancer, "/api/x");

        balancer.program()
                .awaitOutput("that spans are lost", Pattern.compile("Traces: .* (does not take spans|are dropped)"));

        load.endsWithoutFailure();
        balancer.program().signal("TERM");
        assertThat(balancer.program().awaitExit()).isZero();
    }

    @Test
    void a_variable_that_cannot_be_read_ends_the_start_with_a_sentence() {
        Program balancer = cluster.start(
                "balancer",
                Map.of("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc"),
                Jar.command("balancer", "--consul", cluster.registry(), "--tracing", "true"));

        assertThat(balancer.awaitExit()).isEqualTo(2);
        assertThat(balancer.output()).contains("OTEL_EXPORTER_OTLP_PROTOCOL: \"grpc\" (expected: http/protobuf)");
    }
}
