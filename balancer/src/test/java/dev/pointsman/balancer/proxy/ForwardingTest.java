package dev.pointsman.balancer.proxy;

import static dev.pointsman.balancer.testkit.TestProxy.sendRequest;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.balancer.testkit.Head;
import dev.pointsman.balancer.testkit.Message;
import dev.pointsman.balancer.testkit.ScriptedUpstream;
import dev.pointsman.balancer.testkit.TestProxy;
import dev.pointsman.balancer.testkit.Wire;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Methods, statuses and bodies in every framing, both ways. */
class ForwardingTest {
    @RegisterExtension
    private final TestProxy proxy = new TestProxy();

    @ParameterizedTest
    @ValueSource(strings = {"GET", "DELETE", "OPTIONS", "BREW"})
    void a_request_without_a_body_arrives_without_one(String method) throws Exception {
        ScriptedUpstream upstream = proxy.upstream((request, wire) -> wire.respond(200, "hello"));

        Message response = proxy.request(method, "/x");

        assertThat(response.status()).isEqualTo(200);
        assertThat(response.body()).isEqualTo("hello");
        Head arrived = upstream.onlyRequest().head();
        assertThat(arrived.start()).isEqualTo(method + " /x HTTP/1.1");
        assertThat(arrived.has("transfer-encoding")).isFalse();
        assertThat(arrived.has("content-length")).isFalse();
    }

    @Test
    void each_request_on_one_connection_goes_to_the_next_upstream() throws Exception {
        for (String name : new String[] {"a", "b", "c"}) {
            proxy.upstream((request, wire) -> wire.respond(200, name));
        }
        Wire client = proxy.connect();
        StringBuilder responses = new StringBuilder();
        for (int i = 0; i < 6; i++) {
            sendRequest(client, "GET", "/");
            responses.append(client.readMessage().body());
        }

        assertThat(responses).hasToString("abcabc");
    }

    @Test
    void connections_to_an_upstream_are_used_again() throws Exception {
        ScriptedUpstream upstream = proxy.upstream((request, wire) -> wire.respond(200, "x"));

        for (int i = 0; i < 5; i++) {
            assertThat(proxy.get("/").body()).isEqualTo("x");
            proxy.awaitIdle();
        }

        assertThat(upstream.connections()).isEqualTo(1);
    }

    @Test
    void a_counted_body_stays_counted_both_ways() throws Exception {
        ScriptedUpstream upstream = proxy.upstream((request, wire) -> wire.respond(201, "made " + request.body()));

        Message response = proxy.post("/things", "a thing");

        assertThat(response.head().start()).isEqualTo("HTTP/1.1 201 Whatever");
        assertThat(response.head().one("content-length")).isEqualTo("12");
        assertThat(response.body()).isEqualTo("made a thing");
        assertThat(upstream.onlyRequest().body()).isEqualTo("a thing");
        assertThat(upstream.onlyRequest().head().one("content-length")).isEqualTo("7");
        assertThat(upstream.onlyRequest().head().has("transfer-encoding")).isFalse();
    }

    @Test
    void a_chunked_body_stays_chunked_both_ways() throws Exception {
        ScriptedUpstream upstream =
                proxy.upstream((request, wire) -> wire.sendHead("HTTP/1.1 200 OK", "Transfer-Encoding: chunked")
                        .send("3\r\nabc\r\n4\r\ndefg\r\n0\r\n\r\n"));
        Wire client = proxy.connect();

        sendRequest(client, "POST", "/", "Transfer-Encoding: chunked");
        client.send("5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n");
        Message response = client.readMessage();

        assertThat(response.body()).isEqualTo("abcdefg");
        assertThat(response.head().one("transfer-encoding")).isEqualTo("chunked");
        assertThat(upstream.onlyRequest().body()).isEqualTo("hello world");
        assertThat(upstream.onlyRequest().head().one("transfer-encoding")).isEqualTo("chunked");
    }

    @Test
    void an_empty_counted_body_is_still_counted() throws Exception {
        ScriptedUpstream upstream = proxy.upstream((request, wire) -> wire.respond(200, ""));

        Message response = proxy.post("/", "");

        assertThat(response.head().one("content-length")).isEqualTo("0");
        assertThat(upstream.onlyRequest().head().one("content-length")).isEqualTo("0");
    }

    @Test
    void a_response_that_ends_with_its_connection_becomes_a_chunked_one() throws Exception {
        proxy.rawUpstream(wire -> {
            wire.readMessage();
            wire.sendHead("HTTP/1.1 200 OK").send("all there is");
        });
        Wire client = proxy.connect();

        sendRequest(client, "GET", "/");
        Message response = client.readMessage();

        assertThat(response.head().one("transfer-encoding")).isEqualTo("chunked");
        assertThat(response.body()).isEqualTo("all there is");
    }

    @Test
    void a_response_to_head_has_the_length_and_no_body() throws Exception {
        proxy.upstream((request, wire) -> {
            String body = request.head().method().equals("HEAD") ? "" : "hello";
            wire.sendHead("HTTP/1.1 200 OK", "Content-Length: 5").send(body);
        });
        Wire client = proxy.connect();

        sendRequest(client, "HEAD", "/");
        assertThat(client.readResponseToHead().head().one("content-length")).isEqualTo("5");
        sendRequest(client, "GET", "/");
        assertThat(client.readMessage().body()).isEqualTo("hello");
    }

    @ParameterizedTest
    @ValueSource(ints = {204, 304})
    void a_response_that_never_has_a_body_leaves_the_connection_usable(int status) throws Exception {
        proxy.upstream((request, wire) -> wire.sendHead("HTTP/1.1 " + status + " Whatever", "ETag: \"7\""));
        Wire client = proxy.connect();

        for (int i = 0; i < 2; i++) {
            sendRequest(client, "GET", "/");
            Message response = client.readMessage();
            assertThat(response.status()).isEqualTo(status);
            assertThat(response.head().one("etag")).isEqualTo("\"7\"");
            assertThat(response.head().has("transfer-encoding")).isFalse();
        }
    }

    @Test
    void a_304_keeps_the_length_of_what_it_stands_for() throws Exception {
        proxy.upstream((request, wire) -> wire.sendHead("HTTP/1.1 304 Not Modified", "Content-Length: 1234"));
        Wire client = proxy.connect();

        for (int i = 0; i < 2; i++) {
            sendRequest(client, "GET", "/");
            Message response = client.readMessage();
            assertThat(response.status()).isEqualTo(304);
            assertThat(response.head().one("content-length")).isEqualTo("1234");
        }
    }

    @Test
    void trailers_arrive() throws Exception {
        proxy.upstream(
                (request, wire) -> wire.sendHead("HTTP/1.1 200 OK", "Transfer-Encoding: chunked", "Trailer: X-Sum")
                        .send("3\r\nabc\r\n0\r\nX-Sum: 42\r\n\r\n"));

        Message response = proxy.get("/");

        assertThat(response.body()).isEqualTo("abc");
        assertThat(response.trailers().one("x-sum")).isEqualTo("42");
    }

    @Test
    void requests_that_come_in_one_packet_are_served_in_order() throws Exception {
        proxy.upstream((request, wire) -> wire.respond(200, request.head().uri()));
        Wire client = proxy.connect();

        client.send("GET /1 HTTP/1.1\r\nHost: h\r\n\r\nGET /2 HTTP/1.1\r\nHost: h\r\n\r\n");

        assertThat(client.readMessage().body()).isEqualTo("/1");
        assertThat(client.readMessage().body()).isEqualTo("/2");
    }

    @Test
    void a_client_that_waits_for_100_gets_it_even_from_an_upstream_that_never_says_it() throws Exception {
        ScriptedUpstream upstream = proxy.upstream((request, wire) -> wire.respond(200, "got " + request.body()));
        Wire client = proxy.connect();

        sendRequest(client, "POST", "/", "Expect: 100-continue", "Content-Length: 4");
        assertThat(client.readHead().status()).isEqualTo(100);
        client.send("data");

        assertThat(client.readMessage().body()).isEqualTo("got data");
        assertThat(upstream.onlyRequest().head().one("expect")).isEqualTo("100-continue");
    }

    @Test
    void early_hints_are_passed_on_before_the_response() throws Exception {
        proxy.upstream((request, wire) -> wire.sendHead("HTTP/1.1 103 Early Hints", "Link: </a.css>", "Keep-Alive: 1")
                .respond(200, "final"));
        Wire client = proxy.connect();

        sendRequest(client, "GET", "/");

        Head hints = client.readHead();
        assertThat(hints.status()).isEqualTo(103);
        assertThat(hints.one("link")).isEqualTo("</a.css>");
        assertThat(hints.has("keep-alive")).isFalse();
        Message response = client.readMessage();
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.body()).isEqualTo("final");
    }
}
