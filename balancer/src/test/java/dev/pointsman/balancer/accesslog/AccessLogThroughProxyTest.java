package dev.pointsman.balancer.accesslog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pointsman.balancer.observe.MaskedNames;
import dev.pointsman.balancer.testkit.TestProxy;
import dev.pointsman.balancer.testkit.Wire;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The lines that requests leave which go through the proxy. */
class AccessLogThroughProxyTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path folder = Path.of(".");

    private final AccessLog log = new AccessLog(Clock.systemUTC());
    private final LoopAccessLog loop = log.ofLoop();

    @RegisterExtension
    private final TestProxy proxy = new TestProxy("response-timeout=1s", "route=/svc=svc").observedBy(loop);

    @BeforeEach
    void open() throws Exception {
        LogDestination destination = new LogDestination(file());
        log.open(destination);
        // Told of to the loop by the first request, which comes behind it.
        loop.logTo(destination, LineFormat.json(new MaskedNames(MaskedNames.DEFAULT)));
    }

    @AfterEach
    void close() throws Exception {
        log.close().get(15, TimeUnit.SECONDS);
    }

    private Path file() {
        return folder.resolve("access.log");
    }

    private List<JsonNode> awaitLines(int count) throws Exception {
        await().untilAsserted(() -> assertThat(Files.readAllLines(file())).hasSize(count));
        return Files.readAllLines(file()).stream()
                .map(AccessLogThroughProxyTest::read)
                .toList();
    }

    private static JsonNode read(String line) {
        try {
            return JSON.readTree(line);
        } catch (Exception noJson) {
            throw new AssertionError(line, noJson);
        }
    }

    @Test
    void a_line_is_written_for_each_request() throws Exception {
        proxy.upstream((request, wire) -> wire.respond(201, "created"));

        assertThat(proxy.post("/svc/x?y=1&token=hidden", "data").status()).isEqualTo(201);
        assertThat(proxy.get("/elsewhere").status()).isEqualTo(404);

        List<JsonNode> lines = awaitLines(2);
        JsonNode first = lines.get(0);
        assertThat(first.path("method").asText()).isEqualTo("POST");
        assertThat(first.path("uri").asText()).isEqualTo("/svc/x?y=1&token=***");
        assertThat(first.path("status").asInt()).isEqualTo(201);
        assertThat(first.path("route").asText()).isEqualTo("/svc");
        assertThat(first.path("service").asText()).isEqualTo("svc");
        assertThat(first.path("instance").asText()).isEqualTo("u0");
        assertThat(first.path("address").asText()).startsWith("127.0.0.1:");
        assertThat(first.path("client").asText()).isEqualTo("127.0.0.1");
        assertThat(first.path("attempts").asInt()).isEqualTo(1);
        assertThat(first.path("requestBytes").asInt()).isEqualTo(4);
        assertThat(first.path("responseBytes").asInt()).isEqualTo(7);
        assertThat(first.path("firstByte").asDouble())
                .isPositive()
                .isLessThanOrEqualTo(first.path("duration").asDouble());
        assertThat(Instant.parse(first.path("time").asText()))
                .isBetween(Instant.now().minus(Duration.ofMinutes(5)), Instant.now());
        JsonNode second = lines.get(1);
        assertThat(second.path("status").asInt()).isEqualTo(404);
        assertThat(second.path("failure").asText()).isEqualTo("no-route");
        assertThat(second.path("route").isNull()).isTrue();
        assertThat(second.path("id").asText()).hasSize(32);
    }

    @Test
    void a_request_that_is_sent_again_has_one_line_that_says_so() throws Exception {
        proxy.refusingUpstream();
        proxy.upstream((request, wire) -> wire.respond(200, "ok"));

        assertThat(proxy.get("/svc").status()).isEqualTo(200);

        JsonNode line = awaitLines(1).get(0);
        assertThat(line.path("attempts").asInt()).isEqualTo(2);
        assertThat(line.path("instance").asText()).isEqualTo("u1");
        assertThat(line.path("failure").isNull()).isTrue();
    }

    @Test
    void bytes_of_all_kinds_in_fields_and_in_the_target_forge_nothing() throws Exception {
        proxy.upstream((request, wire) -> wire.respond(200, "ok"));
        Wire client = proxy.connect();
        client.send(
                "GET /svc/\"\\%0d%0a?q=\"} HTTP/1.1\r\nHost: x\r\nUser-Agent: \"}\\ \u00e9\u0085\u009b\t{\"status\":1}\r\n\r\n"
                        .getBytes(StandardCharsets.ISO_8859_1));
        assertThat(client.readMessage().status()).isEqualTo(200);

        JsonNode line = awaitLines(1).get(0);
        assertThat(line.path("status").asInt()).isEqualTo(200);
        assertThat(line.path("uri").asText()).isEqualTo("/svc/\"\\%0d%0a?q=\"}");
        assertThat(line.path("userAgent").asText()).isEqualTo("\"}\\ \u00e9\u0085\u009b\t{\"status\":1}");
    }

    @Test
    void what_is_no_request_has_a_line_of_its_refusal() throws Exception {
        Wire client = proxy.connect();
        client.send("GET /svc HTTP/1.1\r\nHost: x\r\nbad field: \u0001\r\n\r\n");

        assertThat(client.readMessage().status()).isEqualTo(400);

        JsonNode line = awaitLines(1).get(0);
        assertThat(line.path("status").asInt()).isEqualTo(400);
        assertThat(line.path("failure").asText()).isEqualTo("bad-request");
    }

    @Test
    void a_client_that_leaves_is_seen_in_its_line() throws Exception {
        proxy.upstream((request, wire) -> {
            wire.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
            wire.ends();
        });
        Wire client = proxy.connect();
        TestProxy.sendRequest(client, "GET", "/svc");
        client.readHead();
        client.reset();

        JsonNode line = awaitLines(1).get(0);
        assertThat(line.path("ending").asText()).isEqualTo("client-gone");
        assertThat(line.path("status").asInt()).isEqualTo(200);
    }
}
