package dev.pointsman.balancer.conformance;

import static dev.pointsman.balancer.conformance.RawMessage.head;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.balancer.testkit.Message;
import dev.pointsman.balancer.testkit.ScriptedUpstream;
import dev.pointsman.balancer.testkit.StrictReader;
import dev.pointsman.balancer.testkit.TestProxy;
import dev.pointsman.balancer.testkit.Wire;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Responses of the proxy itself are HTTP too, and leave the connection in order. */
class OwnResponsesTest {
    private static final String GET = head("GET /other HTTP/1.1", "Host: a");

    @RegisterExtension
    private final TestProxy proxy =
            new TestProxy("route=/svc=svc", "response-timeout=2s", "head-timeout=2s", "max-body=1k");

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource({
        "GET, ''",
        "HEAD, ''",
        "DELETE, ''",
        "POST, 'Content-Length: 5'",
        "GET, 'Content-Length: 5'",
        "HEAD, 'Content-Length: 5'",
        "PUT, 'Transfer-Encoding: chunked'"
    })
    void a_failure_is_told_in_form_and_the_next_request_is_read(String method, String framing) throws Exception {
        proxy.refusingUpstream();
        Wire client = proxy.connect();
        StrictReader responses = new StrictReader(client);
        String body = framing.isEmpty() ? "" : framing.endsWith("chunked") ? "5\r\nhello\r\n0\r\n\r\n" : "hello";
        String[] lines = framing.isEmpty() ? new String[] {"Host: a"} : new String[] {"Host: a", framing};

        for (String path : new String[] {"/svc", "/none", "/svc"}) {
            client.send(head(method + " " + path + " HTTP/1.1", String.join("\r\n", lines)) + body);
            Message response = responses.readResponse(method);
            assertThat(response.status()).isEqualTo(path.equals("/svc") ? 502 : 404);
            assertThat(response.head().one("content-type")).isNotNull();
        }
        client.send(GET);
        assertThat(responses.readResponse("GET").status()).isEqualTo(404);
    }

    /** RFC 9110, 6.6.1: a server with a clock sends Date in every 2xx, 3xx and 4xx. */
    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"GET /other", "OPTIONS *", "GET /svc", "GET x"})
    void each_says_when_it_was_made(String request) throws Exception {
        Wire client = proxy.connect();

        client.send(head(request + " HTTP/1.1", "Host: a"));

        assertThat(new StrictReader(client).readResponse("GET").head().one("date"))
                .endsWith(" GMT");
    }

    @Test
    void failures_of_pipelined_requests_are_told_in_order() throws Exception {
        ScriptedUpstream upstream = proxy.strictUpstream((request, wire) -> wire.respond(200, "ok"));
        Wire client = proxy.connect();

        client.send(GET + head("GET /svc HTTP/1.1", "Host: a") + GET + head("HEAD /x HTTP/1.1", "Host: a") + GET);

        StrictReader responses = new StrictReader(client);
        assertThat(responses.readResponse("GET").status()).isEqualTo(404);
        assertThat(responses.readResponse("GET").body()).isEqualTo("ok");
        assertThat(responses.readResponse("GET").status()).isEqualTo(404);
        assertThat(responses.readResponse("HEAD").status()).isEqualTo(404);
        assertThat(responses.readResponse("GET").status()).isEqualTo(404);
        assertThat(upstream.received()).hasSize(1);
    }

    @Test
    void a_client_of_http_1_0_gets_them_too() throws Exception {
        Wire client = proxy.connect();

        client.send("GET /other HTTP/1.0\r\n\r\n");

        Message response = client.readMessage();
        assertThat(response.status()).isEqualTo(404);
        assertThat(response.head().has("transfer-encoding")).isFalse();
        assertThat(client.ends()).isTrue();
    }

    @Test
    void a_time_out_leaves_the_client_s_connection_in_order() throws Exception {
        proxy.strictUpstream((request, wire) -> {
            if (request.head().uri().equals("/svc/slow")) {
                wire.ends();
            } else {
                wire.respond(200, "ok");
            }
        });
        Wire client = proxy.connect();
        StrictReader responses = new StrictReader(client);

        client.send(head("POST /svc/slow HTTP/1.1", "Host: a", "Content-Length: 2") + "ab"
                + head("GET /svc HTTP/1.1", "Host: a"));

        assertThat(responses.readResponse("POST").status()).isEqualTo(504);
        assertThat(responses.readResponse("GET").body()).isEqualTo("ok");
    }

    /** RFC 9110, 15.5.14: before the body comes, so that it need not. */
    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"Content-Length: 1025", "Content-Length: 99999999999"})
    void too_large_a_body_is_refused_by_its_length_and_not_asked_for(String length) throws Exception {
        ScriptedUpstream upstream = proxy.strictUpstream((request, wire) -> wire.respond(200, "ok"));
        Wire client = proxy.connect();

        client.send(head("POST /svc HTTP/1.1", "Host: a", "Expect: 100-continue", length));

        assertThat(new StrictReader(client).readResponse("POST").status()).isEqualTo(413);
        proxy.get("/svc/later");
        assertThat(upstream.onlyRequest().head().uri()).isEqualTo("/svc/later");
    }

    @ParameterizedTest(name = "{0} at a time")
    @ValueSource(ints = {1, 100, 1024, 5000})
    void too_large_a_chunked_body_is_refused_when_it_shows_and_what_follows_is_no_request(int piece) throws Exception {
        ScriptedUpstream upstream = proxy.strictUpstream((request, wire) -> wire.respond(200, "ok"));
        Wire client = proxy.connect();
        String chunk = Integer.toHexString(piece) + "\r\n" + "x".repeat(piece) + "\r\n";

        client.send(head("POST /svc HTTP/1.1", "Host: a", "Transfer-Encoding: chunked")
                + chunk.repeat(5000 / piece)
                + "0\r\n\r\n");

        assertThat(new StrictReader(client).readResponse("POST").status()).isEqualTo(413);
        proxy.get("/svc/later");
        assertThat(upstream.received())
                .extracting(request -> request.head().uri())
                .containsExactly("/svc/later");
    }

    /** As the first one has; otherwise a connection could be held for ever, one byte at a time. */
    @Test
    void a_later_head_has_its_time_too() throws Exception {
        Wire client = proxy.connect();
        StrictReader responses = new StrictReader(client);
        client.send(GET);
        assertThat(responses.readResponse("GET").status()).isEqualTo(404);

        client.send("GET /other HTTP/1.1\r\nHo");

        // 408 or nothing: the connection ends.
        assertThat(client.readToEnd()).matches(said -> said.isEmpty() || said.startsWith("HTTP/1.1 408 "));
    }
}
