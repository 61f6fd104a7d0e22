package dev.pointsman.balancer.conformance;

import static dev.pointsman.balancer.conformance.RawMessage.head;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.balancer.testkit.Message;
import dev.pointsman.balancer.testkit.ScriptedUpstream;
import dev.pointsman.balancer.testkit.StrictReader;
import dev.pointsman.balancer.testkit.TestProxy;
import dev.pointsman.balancer.testkit.Wire;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A client's connection: how long it lasts, and several requests on it (RFC 9112, 9.3 to 9.6). */
class ClientConnectionTest {
    private static final String GET = "GET /next HTTP/1.1\r\nHost: a\r\n\r\n";

    @RegisterExtension
    private static final TestProxy proxy = TestProxy.shared();

    @ParameterizedTest(name = "Connection: {0}")
    @ValueSource(
            strings = {
                "close",
                "Close",
                "CLOSE",
                "close, X-Foo",
                "X-Foo, close",
                "X-Foo,close",
                "X-Foo , close ,X-Bar",
                "keep-alive, close",
                "close, keep-alive",
                ",close",
                "X-Foo\r\nConnection: close",
                "close\r\nConnection: keep-alive"
            })
    void a_client_that_says_close_gets_one_response_and_nothing_behind_it_is_read(String connection) throws Exception {
        ScriptedUpstream upstream = proxy.strictUpstream((request, wire) -> wire.respond(200, "ok"));
        proxy.get("/before");
        Wire client = proxy.connect();

        client.send(head("GET /x HTTP/1.1", "Host: a", "Connection: " + connection) + GET);

        Message response = new StrictReader(client).readResponse("GET");
        assertThat(response.status()).isEqualTo(200);
        assertThat(client.ends()).isTrue();
        assertThat(response.head().all("connection")).anyMatch("close"::equalsIgnoreCase);
        proxy.get("/later");
        proxy.awaitIdle();
        assertThat(upstream.received())
                .extracting(request -> request.head().uri())
                .containsExactly("/before", "/x", "/later");
    }

    @Test
    void a_request_before_the_last_one_gets_its_response_too() throws Exception {
        proxy.strictUpstream((request, wire) -> wire.respond(200, request.head().uri()));
        Wire client = proxy.connect();

        client.send(GET + head("GET /last HTTP/1.1", "Host: a", "Connection: close") + GET);

        StrictReader responses = new StrictReader(client);
        assertThat(responses.readResponse("GET").body()).isEqualTo("/next");
        assertThat(responses.readResponse("GET").body()).isEqualTo("/last");
        assertThat(client.ends()).isTrue();
    }

    @Test
    void close_counts_for_a_request_with_a_body_too() throws Exception {
        ScriptedUpstream upstream = proxy.strictUpstream((request, wire) -> wire.respond(200, "ok"));
        Wire client = proxy.connect();

        client.send(head("POST /x HTTP/1.1", "Host: a", "Connection: X, close", "Content-Length: 2") + "ab" + GET);

        assertThat(new StrictReader(client).readResponse("POST").status()).isEqualTo(200);
        assertThat(client.ends()).isTrue();
        assertThat(upstream.onlyRequest().body()).isEqualTo("ab");
    }

    @ParameterizedTest(name = "Connection: {0}")
    @ValueSource(strings = {"keep-alive", "Keep-Alive", "X-Foo", "closed", "X-close", "upgrade", ""})
    void a_connection_stays_otherwise(String connection) throws Exception {
        Verdict.arrives(proxy, head("GET /x HTTP/1.1", "Host: a", "Connection: " + connection), "GET /x HTTP/1.1", "");
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(ints = {301, 400, 404, 500, 503})
    void a_connection_stays_after_an_upstream_s_response_of_any_status(int status) throws Exception {
        proxy.strictUpstream((request, wire) -> wire.respond(status, "theirs"));
        Wire client = proxy.connect();
        StrictReader responses = new StrictReader(client);

        for (int i = 0; i < 2; i++) {
            client.send(GET);
            Message response = responses.readResponse("GET");
            assertThat(response.status()).isEqualTo(status);
            assertThat(response.body()).isEqualTo("theirs");
        }
    }

    @Test
    void a_connection_stays_when_the_upstream_closes_its_own() throws Exception {
        proxy.rawUpstream(wire -> {
            wire.readMessage();
            wire.respond(200, "ok", "Connection: close");
        });
        Wire client = proxy.connect();
        StrictReader responses = new StrictReader(client);

        for (int i = 0; i < 3; i++) {
            client.send(GET);
            Message response = responses.readResponse("GET");
            assertThat(response.body()).isEqualTo("ok");
            assertThat(response.head().all("connection")).noneMatch("close"::equalsIgnoreCase);
        }
    }

    @Test
    void requests_in_one_packet_are_served_in_their_order() throws Exception {
        ScriptedUpstream upstream = proxy.strictUpstream(
                (request, wire) -> wire.respond(200, request.head().uri() + " " + request.body()));
        Wire client = proxy.connect();
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < 50; i++) {
            switch (i % 5) {
                case 0 -> all.append(head("GET /" + i + " HTTP/1.1", "Host: a"));
                case 1 -> all.append(head("POST /" + i + " HTTP/1.1", "Host: a", "Content-Length: 3") + "abc");
                case 2 ->
                    all.append(head("POST /" + i + " HTTP/1.1", "Host: a", "Transfer-Encoding: chunked")
                            + "3\r\nabc\r\n0\r\n\r\n");
                case 3 -> all.append(head("PUT /" + i + " HTTP/1.1", "Host: a", "Content-Length: 0"));
                default -> all.append(head("DELETE /" + i + " HTTP/1.1", "Host: a"));
            }
        }

        client.send(all.toString());

        StrictReader responses = new StrictReader(client);
        for (int i = 0; i < 50; i++) {
            String body = i % 5 == 1 || i % 5 == 2 ? "abc" : "";
            assertThat(responses.readResponse("GET").body()).isEqualTo("/" + i + " " + body);
        }
        assertThat(upstream.received()).hasSize(50);
    }

    @Test
    void a_response_that_is_ready_first_waits_for_its_turn() throws Exception {
        CountDownLatch secondResponded = new CountDownLatch(1);
        proxy.strictUpstream((request, wire) -> {
            if (request.head().uri().equals("/slow")) {
                // The second request may be held back meanwhile, or be served already: both are fine.
                secondResponded.await(200, TimeUnit.MILLISECONDS);
            }
            wire.respond(200, request.head().uri());
            if (request.head().uri().equals("/fast")) {
                secondResponded.countDown();
            }
        });
        Wire client = proxy.connect();

        client.send(head("GET /slow HTTP/1.1", "Host: a") + head("GET /fast HTTP/1.1", "Host: a"));

        StrictReader responses = new StrictReader(client);
        assertThat(responses.readResponse("GET").body()).isEqualTo("/slow");
        assertThat(responses.readResponse("GET").body()).isEqualTo("/fast");
    }

    @Test
    void a_bad_request_behind_a_good_one_is_refused_in_its_turn() throws Exception {
        ScriptedUpstream upstream = proxy.strictUpstream((request, wire) -> wire.respond(200, "ok"));
        Wire client = proxy.connect();

        client.send(GET + head("GET /bad HTTP/1.1", "Host: a", "X : y") + GET);

        StrictReader responses = new StrictReader(client);
        assertThat(responses.readResponse("GET").status()).isEqualTo(200);
        assertThat(responses.readResponse("GET").status()).isEqualTo(400);
        assertThat(client.ends()).isTrue();
        assertThat(upstream.received()).hasSize(1);
    }

    /** Whatever comes behind them, and be it in the same packet. */
    @Test
    void good_requests_are_served_before_a_bad_body_behind_them_is_refused() throws Exception {
        for (String body : new String[] {"zz\r\n\r\n", "5\r\nhelloXX0\r\n\r\n", "0\r\nX y\r\n\r\n"}) {
            ScriptedUpstream upstream = proxy.strictUpstream((request, wire) -> wire.respond(200, "ok"));
            Wire client = proxy.connect();

            client.send(GET + GET + head("POST /bad HTTP/1.1", "Host: a", "Transfer-Encoding: chunked") + body + GET);

            StrictReader responses = new StrictReader(client);
            assertThat(responses.readResponse("GET").status()).isEqualTo(200);
            assertThat(responses.readResponse("GET").status()).isEqualTo(200);
            assertThat(responses.readResponse("POST").status()).isEqualTo(400);
            assertThat(client.ends()).isTrue();
            assertThat(upstream.received())
                    .allSatisfy(request -> assertThat(request.head().uri()).isEqualTo("/next"));
        }
    }

    @Test
    void http_1_0_closes_unless_it_asks_to_keep() throws Exception {
        proxy.strictUpstream((request, wire) -> wire.respond(200, "ok"));
        for (String connection : new String[] {"X-Foo", "close", "close, keep-alive", "keep-alive, close"}) {
            Wire client = proxy.connect();

            client.send(head("GET /x HTTP/1.0", "Connection: " + connection) + GET);

            assertThat(client.readMessage().body()).isEqualTo("ok");
            assertThat(client.ends()).as(connection).isTrue();
        }
    }

    @ParameterizedTest(name = "Connection: {0}")
    @ValueSource(strings = {"keep-alive", "Keep-Alive"})
    void http_1_0_keeps_when_it_asks_to_and_is_told_so(String connection) throws Exception {
        proxy.strictUpstream((request, wire) -> wire.respond(200, "ok"));
        Wire client = proxy.connect();

        for (int i = 0; i < 2; i++) {
            client.sendHead("GET /x HTTP/1.0", "Connection: " + connection);
            Message response = client.readMessage();
            assertThat(response.body()).isEqualTo("ok");
            assertThat(String.join(",", response.head().all("connection")).toLowerCase(Locale.ROOT))
                    .contains("keep-alive");
        }
    }

    @Test
    void http_1_0_is_never_sent_chunks_and_sees_where_a_response_breaks_off_only_by_its_length() throws Exception {
        proxy.strictUpstream((request, wire) -> wire.sendHead("HTTP/1.1 200 OK", "Transfer-Encoding: chunked")
                .send("3\r\nabc\r\n0\r\nX-Sum: 1\r\n\r\n"));
        Wire client = proxy.connect();

        client.sendHead("GET /x HTTP/1.0");

        Message response = client.readMessage();
        assertThat(response.body()).isEqualTo("abc");
        assertThat(response.head().has("transfer-encoding")).isFalse();
    }
}
