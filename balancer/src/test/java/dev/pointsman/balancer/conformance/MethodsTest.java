package dev.pointsman.balancer.conformance;

import static dev.pointsman.balancer.conformance.RawMessage.head;
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
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Methods with rules of their own (RFC 9110, 9.3; Max-Forwards: 7.6.2). */
class MethodsTest {
    @RegisterExtension
    private static final TestProxy proxy = TestProxy.shared();

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void a_response_to_head_ends_with_its_head_whatever_it_says_and_whatever_follows(RawMessage response)
            throws Exception {
        ScriptedUpstream upstream = proxy.strictUpstream((request, wire) -> {
            if (request.head().method().equals("HEAD")) {
                wire.send("HTTP/1.1 200 OK\r\nETag: \"e\"\r\n" + response.text());
            } else {
                wire.respond(200, "next");
            }
        });
        Wire client = proxy.connect();
        StrictReader responses = new StrictReader(client);

        for (int i = 0; i < 2; i++) {
            client.send(head("HEAD /x HTTP/1.1", "Host: a"));
            Message head = responses.readResponse("HEAD");
            assertThat(head.status()).isEqualTo(200);
            assertThat(head.head().one("etag")).isEqualTo("\"e\"");
            // On the client's connection and, through whatever connection, to the upstream: nothing is left over.
            client.send(head("GET /next HTTP/1.1", "Host: a"));
            assertThat(responses.readResponse("GET").body()).isEqualTo("next");
            proxy.awaitIdle();
        }
        assertThat(upstream.received()).hasSize(4);
    }

    static Stream<RawMessage> a_response_to_head_ends_with_its_head_whatever_it_says_and_whatever_follows() {
        return Stream.of(
                RawMessage.of("no framing", "\r\n"),
                RawMessage.of("a length", "Content-Length: 5\r\n\r\n"),
                RawMessage.of("a huge length", "Content-Length: 99999999999\r\n\r\n"),
                RawMessage.of("length 0", "Content-Length: 0\r\n\r\n"),
                RawMessage.of("a coding", "Transfer-Encoding: chunked\r\n\r\n"),
                RawMessage.of("a length and a body all the same", "Content-Length: 5\r\n\r\nhello"),
                RawMessage.of("a coding and a body", "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"),
                RawMessage.of(
                        "a body that looks like a response",
                        "Content-Length: 43\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil"));
    }

    @ParameterizedTest(name = "Content-Length: {0}")
    @ValueSource(strings = {"0", "5", "99999999999"})
    void a_response_to_head_keeps_its_length(String length) throws Exception {
        proxy.strictUpstream((request, wire) -> wire.sendHead("HTTP/1.1 200 OK", "Content-Length: " + length));
        Wire client = proxy.connect();

        client.send(head("HEAD /x HTTP/1.1", "Host: a"));

        assertThat(new StrictReader(client).readResponse("HEAD").head().one("content-length"))
                .isEqualTo(length);
    }

    @Test
    void options_of_the_proxy_are_served_here_and_the_connection_stays() throws Exception {
        ScriptedUpstream upstream = proxy.strictUpstream((request, wire) -> wire.respond(200, "ok"));
        Wire client = proxy.connect();
        StrictReader responses = new StrictReader(client);

        client.send(head("OPTIONS * HTTP/1.1", "Host: a") + head("GET /next HTTP/1.1", "Host: a"));

        Message response = responses.readResponse("OPTIONS");
        assertThat(response.status()).isIn(200, 204);
        assertThat(response.head().one("allow")).contains("GET");
        assertThat(responses.readResponse("GET").status()).isEqualTo(200);
        assertThat(upstream.onlyRequest().head().uri()).isEqualTo("/next");
    }

    @Test
    void options_of_the_proxy_may_bring_a_body_that_is_no_request() throws Exception {
        ScriptedUpstream upstream = proxy.strictUpstream((request, wire) -> wire.respond(200, "ok"));
        Wire client = proxy.connect();
        StrictReader responses = new StrictReader(client);
        String hidden = head("GET /hidden HTTP/1.1", "Host: a");

        client.send(head("OPTIONS * HTTP/1.1", "Host: a", "Content-Length: " + hidden.length())
                + hidden
                + head("GET /next HTTP/1.1", "Host: a"));

        assertThat(responses.readResponse("OPTIONS").status()).isIn(200, 204);
        assertThat(responses.readResponse("GET").status()).isEqualTo(200);
        assertThat(upstream.onlyRequest().head().uri()).isEqualTo("/next");
    }

    @ParameterizedTest(name = "OPTIONS {0}")
    @CsvSource({"/, /", "/*, /*", "http://b/, /", "/a?b, /a?b"})
    void options_of_a_resource_go_to_the_upstream(String target, String arrived) throws Exception {
        Verdict.arrives(
                proxy, head("OPTIONS " + target + " HTTP/1.1", "Host: a"), "OPTIONS " + arrived + " HTTP/1.1", "");
    }

    @ParameterizedTest(name = "{0} with {1}")
    @CsvSource({"TRACE, 1, 0", "TRACE, 10, 9", "OPTIONS, 1, 0", "OPTIONS, 10, 9", "OPTIONS, 255, 254"})
    void each_hop_counts(String method, String sent, String arrived) throws Exception {
        String start = method + " /x HTTP/1.1";

        Message request = Verdict.arrives(proxy, head(start, "Host: a", "Max-Forwards: " + sent), start, "");

        assertThat(request.head().one("max-forwards")).isEqualTo(arrived);
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"TRACE", "OPTIONS"})
    void the_last_hop_gives_the_response_itself(String method) throws Exception {
        ScriptedUpstream upstream = proxy.strictUpstream((request, wire) -> wire.respond(200, "ok"));
        Wire client = proxy.connect();
        StrictReader responses = new StrictReader(client);

        client.send(
                head(method + " /x HTTP/1.1", "Host: a", "Max-Forwards: 0") + head("GET /next HTTP/1.1", "Host: a"));

        // 405 would say that TRACE is not served here; 501 that it is not known.
        assertThat(responses.readResponse(method).status()).isIn(200, 204, 405, 501);
        assertThat(responses.readResponse("GET").status()).isEqualTo(200);
        assertThat(upstream.onlyRequest().head().uri()).isEqualTo("/next");
    }

    /** RFC 9110, 9.3.8: the request as it came, without what is secret in it. */
    @Test
    void a_trace_served_here_shows_the_request_and_no_secrets() throws Exception {
        proxy.strictUpstream((request, wire) -> wire.respond(200, "ok"));
        Wire client = proxy.connect();

        client.send(head(
                "TRACE /x?y HTTP/1.1",
                "Host: a",
                "Max-Forwards: 0",
                "X-Plain: seen",
                "Cookie: k=secret",
                "Authorization: Basic secret",
                "Proxy-Authorization: Basic secret"));

        Message response = new StrictReader(client).readResponse("TRACE");
        if (response.status() == 200) {
            assertThat(response.head().one("content-type")).isEqualTo("message/http");
            assertThat(response.body()).startsWith("TRACE /x?y HTTP/1.1\r\n").contains("X-Plain: seen");
        }
        assertThat(response.body()).doesNotContain("secret");
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"GET", "POST", "HEAD", "DELETE", "BREW"})
    void for_other_methods_hops_are_not_counted(String method) throws Exception {
        String start = method + " /x HTTP/1.1";

        Message request = Verdict.arrives(proxy, head(start, "Host: a", "Max-Forwards: 0"), start, "");

        assertThat(request.head().one("max-forwards")).isEqualTo("0");
    }

    @ParameterizedTest(name = "Max-Forwards: {0}")
    @ValueSource(strings = {"", "abc", "-1", "1x", "1, 2", "99999999999999999999999"})
    void a_count_that_is_none_does_no_harm(String count) throws Exception {
        proxy.strictUpstream((request, wire) -> wire.respond(200, "ok"));
        Wire client = proxy.connect();

        client.send(head("OPTIONS /x HTTP/1.1", "Host: a", "Max-Forwards: " + count));

        Head response = new StrictReader(client).readResponse("OPTIONS").head();
        assertThat(response.status()).isIn(200, 204, 400);
    }
}
