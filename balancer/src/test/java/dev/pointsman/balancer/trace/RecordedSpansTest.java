package dev.pointsman.balancer.trace;

import static dev.pointsman.balancer.testkit.TestProxy.sendRequest;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.balancer.testkit.ScriptedUpstream;
import dev.pointsman.balancer.testkit.TestProxy;
import dev.pointsman.balancer.testkit.TracedProxy;
import dev.pointsman.balancer.testkit.WebSocketHandshake;
import dev.pointsman.balancer.testkit.Wire;
import dev.pointsman.testkit.OtlpCollector;
import dev.pointsman.testkit.OtlpCollector.CollectedSpan;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a collector gets of requests and attempts: OpenTelemetry's conventions for HTTP. */
class RecordedSpansTest {
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String PARENT = "00f067aa0ba902b7";
    private static final String TRACEPARENT = "traceparent: 00-" + TRACE + "-" + PARENT + "-01";

    private final OtlpCollector collector;
    private final TracedProxy traces;

    @RegisterExtension
    private final TestProxy proxy = new TestProxy("response-timeout=1s", "route=/svc=svc");

    RecordedSpansTest() throws Exception {
        collector = OtlpCollector.start();
        traces = new TracedProxy(collector);
    }

    @BeforeEach
    void trace() throws Exception {
        proxy.tracedBy(traces.by()).reload("response-timeout=1s", "route=/svc=svc");
    }

    @AfterEach
    void end() {
        traces.close();
        collector.close();
    }

    private CollectedSpan server() {
        return collector.await(1, CollectedSpan::isServer).get(0);
    }

    /** The attempts' in their order; they come before the request's. */
    private List<CollectedSpan> clients(int count) {
        return collector.await(count, span -> !span.isServer());
    }

    @Test
    void a_request_is_a_server_s_span_and_its_attempt_a_client_s_below_it() throws Exception {
        ScriptedUpstream upstream = proxy.upstream((request, wire) -> wire.respond(201, "created"));
        Instant before = Instant.now();

        proxy.post("/svc/x?a=1&sig=secret", "data", TRACEPARENT, "tracestate: a=1,b=2", "User-Agent: curl/8");

        CollectedSpan server = server();
        assertThat(server.name()).isEqualTo("POST /svc");
        assertThat(server.traceId()).isEqualTo(TRACE);
        assertThat(server.parentId()).isEqualTo(PARENT);
        assertThat(server.tracestate()).isEqualTo("a=1,b=2");
        assertThat(server.isError()).isFalse();
        assertThat(server.attributes())
                .containsEntry("http.request.method", "POST")
                .containsEntry("url.scheme", "http")
                .containsEntry("url.path", "/svc/x")
                .containsEntry("url.query", "a=1&sig=REDACTED")
                .containsEntry("http.route", "/svc")
                .containsEntry("http.response.status_code", "201")
                .containsEntry("server.address", "example.com")
                .containsEntry("server.port", "80")
                .containsEntry("client.address", "127.0.0.1")
                .containsEntry("network.peer.address", "127.0.0.1")
                .containsEntry("network.protocol.version", "1.1")
                .containsEntry("user_agent.original", "curl/8")
                .containsEntry("pointsman.service", "svc")
                .containsEntry("pointsman.attempts", "1")
                .containsEntry("pointsman.waited", "0.0")
                .containsKeys("network.peer.port", "pointsman.request_id")
                .doesNotContainKeys("error.type", "http.request.method_original", "pointsman.failure");
        assertThat(server.resource())
                .containsEntry("service.name", "pointsman")
                .containsEntry("telemetry.sdk.name", "opentelemetry");

        CollectedSpan client = clients(1).get(0);
        assertThat(client.name()).isEqualTo("POST");
        assertThat(client.kind()).isEqualTo("CLIENT");
        assertThat(client.traceId()).isEqualTo(TRACE);
        assertThat(client.parentId()).isEqualTo(server.spanId());
        assertThat(client.isError()).isFalse();
        assertThat(client.attributes())
                .containsEntry("http.request.method", "POST")
                .containsEntry("url.full", "http://127.0.0.1:" + upstream.port() + "/svc/x?a=1&sig=REDACTED")
                .containsEntry("server.address", "127.0.0.1")
                .containsEntry("server.port", Integer.toString(upstream.port()))
                .containsEntry("network.peer.address", "127.0.0.1")
                .containsEntry("network.peer.port", Integer.toString(upstream.port()))
                .containsEntry("network.protocol.version", "1.1")
                .containsEntry("http.response.status_code", "201")
                .containsEntry("pointsman.service", "svc")
                .containsEntry("pointsman.instance", "u0")
                .containsEntry("pointsman.node", "n1")
                .containsEntry("pointsman.connection.reused", "false")
                .doesNotContainKeys("error.type", "http.request.resend_count");

        long begin = TimeUnit.SECONDS.toNanos(before.getEpochSecond()) + before.getNano();
        long slack = TimeUnit.MILLISECONDS.toNanos(50);
        assertThat(server.began()).isGreaterThan(begin - slack);
        assertThat(client.began()).isBetween(server.began(), client.ended());
        assertThat(client.ended()).isLessThanOrEqualTo(server.ended());
        assertThat(server.ended()).isLessThan(begin + TimeUnit.SECONDS.toNanos(20));
    }

    @Test
    void the_instance_is_told_the_span_of_its_attempt() throws Exception {
        proxy.upstream((request, wire) ->
                wire.respond(200, String.valueOf(request.head().one("traceparent"))));

        String told = proxy.get("/svc").body();

        CollectedSpan client = clients(1).get(0);
        assertThat(told).isEqualTo("00-" + client.traceId() + "-" + client.spanId() + "-01");
        assertThat(server().parentId()).isEmpty();
        assertThat(server().traceId()).isEqualTo(client.traceId());
    }

    @Test
    void each_attempt_has_a_span_of_its_own() throws Exception {
        proxy.refusingUpstream();
        proxy.upstream((request, wire) -> wire.respond(200, "ok"));

        assertThat(proxy.get("/svc").status()).isEqualTo(200);

        CollectedSpan server = server();
        assertThat(server.isError()).isFalse();
        assertThat(server.attributes()).containsEntry("pointsman.attempts", "2");
        List<CollectedSpan> attempts = clients(2);
        CollectedSpan failed = attempts.get(0);
        assertThat(failed.isError()).isTrue();
        assertThat(failed.reason()).isEqualTo("the service could not be reached");
        assertThat(failed.attributes())
                .containsEntry("error.type", "connect-failed")
                .containsEntry("pointsman.failure", "connect-failed")
                .containsEntry("pointsman.instance", "u0")
                .doesNotContainKeys("http.response.status_code", "network.peer.address", "http.request.resend_count");
        assertThat(attempts.get(1).isError()).isFalse();
        assertThat(attempts.get(1).attributes()).containsEntry("http.request.resend_count", "1");
        assertThat(attempts).extracting(CollectedSpan::parentId).containsOnly(server.spanId());
    }

    @Test
    void a_client_s_mistake_is_an_error_of_the_attempt_and_not_of_the_server() throws Exception {
        proxy.upstream((request, wire) -> wire.respond(404, "no"));

        proxy.get("/svc");

        assertThat(server().isError()).isFalse();
        assertThat(server().attributes()).doesNotContainKey("error.type");
        CollectedSpan client = clients(1).get(0);
        assertThat(client.isError()).isTrue();
        assertThat(client.attributes()).containsEntry("error.type", "404");
    }

    @Test
    void a_server_s_failure_is_one_of_both() throws Exception {
        proxy.upstream((request, wire) -> wire.respond(500, "no"));

        proxy.get("/svc");

        assertThat(server().isError()).isTrue();
        assertThat(server().attributes()).containsEntry("error.type", "500");
        assertThat(clients(1).get(0).attributes()).containsEntry("error.type", "500");
    }

    @Test
    void our_own_response_says_why() throws Exception {
        proxy.get("/svc");

        CollectedSpan server = server();
        assertThat(server.isError()).isTrue();
        assertThat(server.attributes())
                .containsEntry("http.response.status_code", "503")
                .containsEntry("error.type", "no-instance")
                .containsEntry("pointsman.failure", "no-instance")
                .containsEntry("pointsman.attempts", "0");
    }

    @Test
    void a_request_without_a_route_is_named_by_its_method_alone() throws Exception {
        proxy.get("/other/1234");

        CollectedSpan server = server();
        assertThat(server.name()).isEqualTo("GET");
        assertThat(server.isError()).isFalse();
        assertThat(server.attributes())
                .containsEntry("pointsman.failure", "no-route")
                .doesNotContainKey("http.route");
    }

    @Test
    void a_method_that_nobody_knows_is_not_a_name() throws Exception {
        proxy.upstream((request, wire) -> wire.respond(200, "ok"));

        proxy.request("BREW", "/svc");

        assertThat(server().name()).isEqualTo("HTTP /svc");
        assertThat(clients(1).get(0).name()).isEqualTo("HTTP");
        assertThat(server().attributes())
                .containsEntry("http.request.method", "_OTHER")
                .containsEntry("http.request.method_original", "BREW");
    }

    @Test
    void a_response_that_breaks_off_is_an_error_whatever_its_status_was() throws Exception {
        proxy.rawUpstream(wire -> {
            wire.readMessage();
            wire.sendHead("HTTP/1.1 200 OK", "Content-Length: 1000").send("data");
            wire.close();
        });
        Wire client = proxy.connect();
        sendRequest(client, "GET", "/svc");
        client.readToEnd();

        assertThat(server().isError()).isTrue();
        assertThat(server().attributes())
                .containsEntry("http.response.status_code", "200")
                .containsEntry("error.type", "broken-response");
        assertThat(clients(1).get(0).isError()).isTrue();
    }

    @Test
    void a_client_that_leaves_is_said_and_is_no_error_of_ours() throws Exception {
        CountDownLatch reached = new CountDownLatch(1);
        proxy.rawUpstream(wire -> {
            wire.readMessage();
            reached.countDown();
            assertThat(wire.ends()).isTrue();
        });
        Wire client = proxy.connect();
        sendRequest(client, "GET", "/svc");
        assertThat(reached.await(10, TimeUnit.SECONDS)).isTrue();

        client.reset();

        for (CollectedSpan span : List.of(server(), clients(1).get(0))) {
            assertThat(span.isError()).isFalse();
            assertThat(span.attributes())
                    .containsEntry("error.type", "client-gone")
                    .doesNotContainKey("http.response.status_code");
        }
    }

    @Test
    void a_tunnel_s_spans_end_when_it_closes() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        proxy.rawUpstream(wire -> {
            wire.readHead();
            wire.send(WebSocketHandshake.SWITCHING);
            assertThat(goOn.await(10, TimeUnit.SECONDS)).isTrue();
            wire.close();
        });
        Wire client = proxy.connect();
        WebSocketHandshake.ask(client, "/svc");
        assertThat(client.readHead().status()).isEqualTo(101);
        // Another request is over, and its spans are there: those of the tunnel are not.
        proxy.get("/other");
        collector.await(1);
        assertThat(collector.spans()).hasSize(1);
        long open = System.currentTimeMillis();

        goOn.countDown();
        assertThat(client.ends()).isTrue();

        CollectedSpan tunnel =
                collector.await(1, span -> span.name().equals("GET /svc")).get(0);
        assertThat(tunnel.attributes()).containsEntry("http.response.status_code", "101");
        assertThat(tunnel.ended()).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(open - 50));
        assertThat(clients(1).get(0).attributes()).containsEntry("http.response.status_code", "101");
    }

    @Test
    void the_path_that_an_instance_gets_is_the_one_of_its_url() throws Exception {
        proxy.reload("route=/svc=svc;strip-prefix");
        ScriptedUpstream upstream = proxy.upstream((request, wire) -> wire.respond(200, "ok"));

        proxy.get("/svc/x?y");

        assertThat(clients(1).get(0).attributes())
                .containsEntry("url.full", "http://127.0.0.1:" + upstream.port() + "/x?y");
    }

    @Test
    void hosts_are_told_apart_from_their_ports() throws Exception {
        for (Map.Entry<String, String> host : Map.of(
                        "shop.example.com:8443", "shop.example.com 8443", "[::1]:81", "::1 81", "[::1]", "::1 80")
                .entrySet()) {
            Wire client = proxy.connect();
            client.send("GET /other HTTP/1.1\r\nHost: " + host.getKey() + "\r\n\r\n");
            client.readMessage();
            collector.await(1, span -> host.getValue()
                    .equals(span.attributes().get("server.address") + " "
                            + span.attributes().get("server.port")));
        }
    }

    @Test
    void what_is_not_recorded_is_not_sent() throws Exception {
        proxy.upstream((request, wire) -> wire.respond(200, "ok"));
        proxy.get("/svc/not", TRACEPARENT.replace("-01", "-00"));
        proxy.tracedBy(traces.by("trace-sample=0")).reload("route=/svc=svc");
        proxy.get("/svc/not");

        proxy.get("/svc/recorded", TRACEPARENT);

        // All that came before it would have been sent before it.
        assertThat(server().attributes()).containsEntry("url.path", "/svc/recorded");
        assertThat(collector.spans()).extracting(CollectedSpan::traceId).containsOnly(TRACE);
    }

    @Test
    void exports_are_sent_as_the_variables_say() throws Exception {
        TracedProxy other = new TracedProxy(Map.of(
                "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", collector.endpoint() + "/v1/traces",
                "OTEL_EXPORTER_OTLP_HEADERS", "authorization=Bearer%20abc",
                "OTEL_EXPORTER_OTLP_COMPRESSION", "gzip",
                "OTEL_SERVICE_NAME", "edge",
                "OTEL_RESOURCE_ATTRIBUTES", "service.name=other,deployment.environment.name=a%2Cb"));
        try (other) {
            proxy.tracedBy(other.by()).reload("route=/svc=svc");

            proxy.get("/other");

            assertThat(server().resource())
                    .containsEntry("service.name", "edge")
                    .containsEntry("deployment.environment.name", "a,b");
            assertThat(collector.exports().get(0))
                    .containsEntry("Authorization", "Bearer abc")
                    .containsEntry("Content-Encoding", "gzip")
                    .containsEntry("Content-Type", "application/x-protobuf");
        }
    }
}
