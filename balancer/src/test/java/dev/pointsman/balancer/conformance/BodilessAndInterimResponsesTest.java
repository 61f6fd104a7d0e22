package dev.pointsman.balancer.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.balancer.testkit.Head;
import dev.pointsman.balancer.testkit.Message;
import dev.pointsman.balancer.testkit.ScriptedUpstream;
import dev.pointsman.balancer.testkit.StrictReader;
import dev.pointsman.balancer.testkit.TestProxy;
import dev.pointsman.balancer.testkit.Wire;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Responses without a body by their status (RFC 9112, 6.3), and interim responses before the final one (RFC 9110, 15.2). */
class BodilessAndInterimResponsesTest {
    private static final String FINAL = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    @RegisterExtension
    private static final TestProxy proxy = TestProxy.shared();

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void a_204_or_304_ends_with_its_head_whatever_it_says_and_whatever_follows(RawMessage row) throws Exception {
        proxy.strictUpstream((request, wire) -> {
            if (request.head().uri().equals("/next")) {
                wire.respond(200, "next");
            } else {
                wire.send(row.text());
            }
        });
        Wire client = proxy.connect();
        StrictReader responses = new StrictReader(client);

        for (int i = 0; i < 2; i++) {
            TestProxy.sendRequest(client, "GET", "/x");
            Message response = responses.readResponse("GET");
            assertThat(response.head().start())
                    .isEqualTo(row.text().substring(0, row.text().indexOf('\r')));
            assertThat(response.head().one("etag")).isEqualTo("\"e\"");
            assertThat(response.head().has("transfer-encoding")).isFalse();
            proxy.awaitIdle();
            TestProxy.sendRequest(client, "POST", "/next", "Content-Length: 0");
            assertThat(responses.readResponse("POST").body()).isEqualTo("next");
            proxy.awaitIdle();
        }
    }

    static Stream<RawMessage> a_204_or_304_ends_with_its_head_whatever_it_says_and_whatever_follows() {
        return Stream.of("204 No Content", "304 Not Modified").flatMap(status -> {
            String head = "HTTP/1.1 " + status + "\r\nETag: \"e\"\r\n";
            return Stream.of(
                    RawMessage.of(status, head + "\r\n"),
                    RawMessage.of(status + ", length 0", head + "Content-Length: 0\r\n\r\n"),
                    RawMessage.of(status + ", a length", head + "Content-Length: 5\r\n\r\n"),
                    RawMessage.of(status + ", a coding", head + "Transfer-Encoding: chunked\r\n\r\n"),
                    RawMessage.of(status + ", a length and a body", head + "Content-Length: 5\r\n\r\nhello"),
                    RawMessage.of(status + ", chunks", head + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
                    RawMessage.of(status + ", a body", head + "\r\nhello"),
                    RawMessage.of(status + ", a response behind it", head + "Content-Length: 38\r\n\r\n" + FINAL));
        });
    }

    /** RFC 9110, 8.6: only a length that the 200 would have had, which a proxy cannot know. */
    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"", "Transfer-Encoding: chunked\r\n"})
    void a_304_without_a_length_gets_none(String field) throws Exception {
        proxy.strictUpstream((request, wire) -> wire.send("HTTP/1.1 304 Not Modified\r\n" + field + "\r\n"));
        Wire client = proxy.connect();

        TestProxy.sendRequest(client, "GET", "/x");

        assertThat(new StrictReader(client).readResponse("GET").head().has("content-length"))
                .isFalse();
    }

    @Test
    void a_205_without_content_leaves_the_connection_usable() throws Exception {
        Message response = ResponseVerdict.passes(proxy, "HTTP/1.1 205 Reset Content\r\nContent-Length: 0\r\n\r\n");

        assertThat(response.status()).isEqualTo(205);
        assertThat(response.body()).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(ints = {100, 102, 103, 104, 110, 150, 199})
    void an_interim_response_of_any_number_passes_and_the_final_one_after_it(int status) throws Exception {
        proxy.strictUpstream((request, wire) -> wire.send("HTTP/1.1 " + status
                + " Wait\r\nX-Interim: 1\r\nLink: </a>\r\nConnection: X-Hop\r\nX-Hop: 1\r\n\r\n" + FINAL));
        Wire client = proxy.connect();
        StrictReader responses = new StrictReader(client);

        for (int i = 0; i < 2; i++) {
            TestProxy.sendRequest(client, "GET", "/x");
            Head interim = responses.readResponseHead();
            assertThat(interim.status()).isEqualTo(status);
            if (status != 100) {
                assertThat(interim.one("x-interim")).isEqualTo("1");
                assertThat(interim.one("link")).isEqualTo("</a>");
            }
            assertThat(interim.has("x-hop")).isFalse();
            assertThat(responses.readResponse("GET").body()).isEqualTo("ok");
        }
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(ints = {100, 102, 103, 199})
    void a_client_of_http_1_0_is_spared_interim_responses(int status) throws Exception {
        proxy.strictUpstream((request, wire) -> wire.send("HTTP/1.1 " + status + " Wait\r\nX: y\r\n\r\n" + FINAL));
        Wire client = proxy.connect();

        client.sendHead("GET /x HTTP/1.0", "Host: a");

        assertThat(client.readMessage().status()).isEqualTo(200);
    }

    @Test
    void several_interim_responses_pass_one_by_one() throws Exception {
        proxy.strictUpstream((request, wire) -> wire.send("HTTP/1.1 102 Processing\r\n\r\n"
                + "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
                + "HTTP/1.1 103 Early Hints\r\nLink: </b>\r\n\r\n"
                + FINAL));
        Wire client = proxy.connect();
        StrictReader responses = new StrictReader(client);

        TestProxy.sendRequest(client, "GET", "/x");

        assertThat(responses.readResponseHead().status()).isEqualTo(102);
        assertThat(responses.readResponseHead().one("link")).isEqualTo("</a>");
        assertThat(responses.readResponseHead().one("link")).isEqualTo("</b>");
        assertThat(responses.readResponse("GET").body()).isEqualTo("ok");
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"Content-Length: 5", "Transfer-Encoding: chunked", "Content-Length: 0"})
    void an_interim_response_has_no_body_whatever_it_says(String field) throws Exception {
        proxy.strictUpstream((request, wire) -> wire.send("HTTP/1.1 103 Early Hints\r\n" + field + "\r\n\r\n" + FINAL));
        Wire client = proxy.connect();
        StrictReader responses = new StrictReader(client);

        TestProxy.sendRequest(client, "GET", "/x");

        Head first = responses.readResponseHead();
        assertThat(first.status()).isIn(103, 502);
        if (first.status() == 103) {
            assertThat(first.has("content-length")).isFalse();
            assertThat(first.has("transfer-encoding")).isFalse();
            assertThat(responses.readResponse("GET").body()).isEqualTo("ok");
        }
    }

    @Test
    void interim_responses_before_the_response_to_head_do_not_shift_what_follows() throws Exception {
        proxy.strictUpstream((request, wire) -> {
            if (request.head().method().equals("HEAD")) {
                wire.send("HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n");
            } else {
                wire.respond(200, "next");
            }
        });
        Wire client = proxy.connect();
        StrictReader responses = new StrictReader(client);

        for (int i = 0; i < 2; i++) {
            TestProxy.sendRequest(client, "HEAD", "/x");
            assertThat(responses.readResponseHead().status()).isEqualTo(103);
            assertThat(responses.readResponse("HEAD").head().one("content-length"))
                    .isEqualTo("5");
            TestProxy.sendRequest(client, "GET", "/next");
            assertThat(responses.readResponse("GET").body()).isEqualTo("next");
        }
    }

    /** Design: no other attempt once a byte of a response went to the client. */
    @Test
    void an_upstream_that_breaks_off_behind_an_interim_response_is_not_asked_again() throws Exception {
        ScriptedUpstream upstream = proxy.strictUpstream((request, wire) ->
                wire.send("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n").close());
        Wire client = proxy.connect();
        StrictReader responses = new StrictReader(client);

        TestProxy.sendRequest(client, "GET", "/x");

        assertThat(responses.readResponseHead().status()).isEqualTo(103);
        assertThat(responses.readResponse("GET").status()).isEqualTo(502);
        assertThat(upstream.received()).hasSize(1);
    }

    /** More than any upstream has reason for: no memory and no endless loop. */
    @Test
    void a_flood_of_interim_responses_does_not_keep_the_final_one_away() throws Exception {
        proxy.strictUpstream(
                (request, wire) -> wire.send("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n".repeat(500) + FINAL));
        Wire client = proxy.connect();
        StrictReader responses = new StrictReader(client);

        TestProxy.sendRequest(client, "GET", "/x");

        Head head = responses.readResponseHead();
        for (int i = 0; i < 500 && head.status() == 103; i++) {
            head = responses.readResponseHead();
        }
        assertThat(head.status()).isIn(200, 502);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void a_101_without_an_upgrade_in_the_request_is_a_bad_gateway(RawMessage row) throws Exception {
        ResponseVerdict.isBadGateway(proxy, row.text());
    }

    /** RFC 9110, 7.8: a server must not switch to a protocol that the client did not ask for. */
    static Stream<RawMessage> a_101_without_an_upgrade_in_the_request_is_a_bad_gateway() {
        String head = "HTTP/1.1 101 Switching Protocols\r\n";
        return Stream.of(
                RawMessage.of("bare", head + "\r\n"),
                RawMessage.of("to a web socket", head + "Connection: upgrade\r\nUpgrade: websocket\r\n\r\n"),
                RawMessage.of("and bytes behind it", head + "Connection: upgrade\r\nUpgrade: websocket\r\n\r\nhello"),
                RawMessage.of(
                        "and a response behind it", head + "Connection: upgrade\r\nUpgrade: h2c\r\n\r\n" + FINAL));
    }
}
