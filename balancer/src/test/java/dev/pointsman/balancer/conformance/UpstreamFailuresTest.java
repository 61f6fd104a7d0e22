package dev.pointsman.balancer.conformance;

import static dev.pointsman.balancer.conformance.RawMessage.head;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.balancer.testkit.ScriptedUpstream;
import dev.pointsman.balancer.testkit.StrictReader;
import dev.pointsman.balancer.testkit.TestProxy;
import dev.pointsman.balancer.testkit.Wire;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of a request when its upstream fails, and which ones are sent again (RFC 9110, 9.2.2). */
class UpstreamFailuresTest {
    private static final String GET = head("GET /next HTTP/1.1", "Host: a");

    @RegisterExtension
    private final TestProxy proxy = new TestProxy("response-timeout=2s", "idle-timeout=4s");

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void an_upstream_that_fails_before_it_responded_is_a_bad_gateway_for_a_post_that_it_may_have_got(RawMessage row)
            throws Exception {
        AtomicInteger asked = new AtomicInteger();
        proxy.rawUpstream(wire -> {
            wire.readMessage();
            asked.incrementAndGet();
            wire.send(row.text());
            if (row.name().endsWith("reset")) {
                wire.reset();
            }
        });
        ScriptedUpstream other = proxy.strictUpstream((request, wire) -> wire.respond(200, "ok"));

        Wire client = proxy.connect();
        client.send(head("POST /x HTTP/1.1", "Host: a", "Content-Length: 4") + "data");
        assertThat(new StrictReader(client).readFinalResponse("POST").status()).isEqualTo(502);

        assertThat(asked).hasValue(1);
        assertThat(other.received()).isEmpty();
    }

    static Stream<RawMessage>
            an_upstream_that_fails_before_it_responded_is_a_bad_gateway_for_a_post_that_it_may_have_got() {
        return Stream.of(
                RawMessage.of("closed", ""),
                RawMessage.of("reset", ""),
                RawMessage.of("half a status line, closed", "HTTP/1.1 2"),
                RawMessage.of("half a head, closed", "HTTP/1.1 200 OK\r\nConte"),
                RawMessage.of("half a head, reset", "HTTP/1.1 200 OK\r\nConte"),
                RawMessage.of("a 100, closed", "HTTP/1.1 100 Continue\r\n\r\n"));
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"POST", "PATCH", "BREW", "post", "get", "CONNECTED"})
    void a_method_that_is_not_known_to_be_idempotent_is_sent_once(String method) throws Exception {
        ScriptedUpstream broken = proxy.strictUpstream((request, wire) -> wire.reset());
        ScriptedUpstream other = proxy.strictUpstream((request, wire) -> wire.respond(200, "ok"));

        assertThat(proxy.request(method, "/x").status()).isEqualTo(502);

        assertThat(broken.received()).hasSize(1);
        assertThat(other.received()).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"})
    void an_idempotent_one_goes_on_to_another_upstream(String method) throws Exception {
        ScriptedUpstream broken = proxy.strictUpstream((request, wire) -> wire.reset());
        ScriptedUpstream other =
                proxy.strictUpstream((request, wire) -> wire.respond(200, method.equals("HEAD") ? "" : "ok"));

        assertThat(proxy.request(method, "/x").status()).isEqualTo(200);

        assertThat(broken.received()).hasSize(1);
        assertThat(other.received()).hasSize(1);
    }

    @ParameterizedTest(name = "PUT of {0} bytes")
    @ValueSource(ints = {1, 1000, 65_536})
    void a_small_body_goes_on_to_another_upstream_whole(int length) throws Exception {
        String body = "0123456789abcdef".repeat(length / 16 + 1).substring(0, length);
        ScriptedUpstream broken = proxy.strictUpstream((request, wire) -> wire.reset());
        ScriptedUpstream other = proxy.strictUpstream((request, wire) -> wire.respond(200, "ok"));
        Wire client = proxy.connect();

        client.send(head("PUT /x HTTP/1.1", "Host: a", "Content-Length: " + length) + body);

        assertThat(new StrictReader(client).readResponse("PUT").status()).isEqualTo(200);
        assertThat(broken.received()).hasSize(1);
        assertThat(other.onlyRequest().body().equals(body)).isTrue();
    }

    @Test
    void a_small_chunked_body_goes_on_to_another_upstream_whole_with_its_trailers() throws Exception {
        proxy.strictUpstream((request, wire) -> wire.reset());
        ScriptedUpstream other = proxy.strictUpstream((request, wire) -> wire.respond(200, "ok"));
        Wire client = proxy.connect();

        client.send(head("PUT /x HTTP/1.1", "Host: a", "Transfer-Encoding: chunked")
                + "5\r\nhello\r\n6\r\n world\r\n0\r\nX-Sum: 42\r\n\r\n");

        assertThat(new StrictReader(client).readResponse("PUT").status()).isEqualTo(200);
        assertThat(other.onlyRequest().body()).isEqualTo("hello world");
        assertThat(other.onlyRequest().trailers().one("x-sum")).isEqualTo("42");
    }

    @Test
    void a_body_too_large_to_keep_is_not_sent_in_part() throws Exception {
        String body = "x".repeat(300_000);
        ScriptedUpstream broken = proxy.strictUpstream((request, wire) -> wire.reset());
        ScriptedUpstream other = proxy.strictUpstream((request, wire) -> wire.respond(200, "ok"));
        Wire client = proxy.connect();

        client.send(head("PUT /x HTTP/1.1", "Host: a", "Content-Length: " + body.length()) + body);

        assertThat(new StrictReader(client).readResponse("PUT").status()).isEqualTo(502);
        assertThat(broken.received()).hasSize(1);
        assertThat(other.received()).isEmpty();
    }

    @Test
    void half_a_head_is_not_in_time_either() throws Exception {
        proxy.rawUpstream(wire -> {
            wire.readMessage();
            wire.send("HTTP/1.1 200 OK\r\nX-Slow");
            wire.ends();
        });

        assertThat(proxy.get("/x").status()).isEqualTo(504);
    }

    @Test
    void an_interim_response_is_not_the_response_in_time() throws Exception {
        proxy.rawUpstream(wire -> {
            wire.readMessage();
            wire.sendHead("HTTP/1.1 103 Early Hints");
            wire.ends();
        });
        Wire client = proxy.connect();
        StrictReader responses = new StrictReader(client);

        client.send(GET);

        assertThat(responses.readResponseHead().status()).isEqualTo(103);
        assertThat(responses.readResponse("GET").status()).isEqualTo(504);
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "Content-Length: 10\r\n\r\nhello",
                "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
                "\r\nhello"
            })
    void a_response_that_stands_still_in_mid_body_is_broken_off(String rest) throws Exception {
        proxy.rawUpstream(wire -> {
            wire.readMessage();
            wire.send("HTTP/1.1 200 OK\r\n" + rest);
            wire.ends();
        });
        Wire client = proxy.connect();
        client.send(GET);

        client.readHead();
        StringBuilder all = new StringBuilder();
        try {
            while (true) {
                all.append(client.read(1));
            }
        } catch (IOException ended) {
            assertThat(all.toString()).doesNotEndWith("0\r\n\r\n").contains("hello");
        }
    }
}
