package dev.pointsman.balancer.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.balancer.testkit.Message;
import dev.pointsman.balancer.testkit.ScriptedUpstream;
import dev.pointsman.balancer.testkit.TestProxy;
import dev.pointsman.balancer.testkit.Wire;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is refused before it is routed, byte by byte: no upstream hears of it, and the connection ends. */
class RequestRulesTest {
    @RegisterExtension
    private final TestProxy proxy = new TestProxy();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "400 | GET / HTTP/1.1",
                "400 | GET / HTTP/1.1~Host: a~Host: b",
                "400 | GET / HTTP/1.1~Host: a~Host: a",
                "400 | GET / HTTP/1.1~Host: a b",
                "400 | GET / HTTP/1.1~Host: user@a",
                "400 | GET / HTTP/1.1~Host: a/b",
                "400 | GET / HTTP/1.0~Host: a~Host: b",
                "400 | GET foo HTTP/1.1~Host: a",
                "400 | GET * HTTP/1.1~Host: a",
                "400 | GET /a#b HTTP/1.1~Host: a",
                "400 | GET ftp://a/ HTTP/1.1~Host: a",
                "400 | GET http:///x HTTP/1.1~Host: a",
                "400 | GET http://user@a/ HTTP/1.1~Host: a",
                "405 | CONNECT a:443 HTTP/1.1~Host: a:443",
                "505 | GET / HTTP/2.0~Host: a",
                "505 | GET / HTTP/0.9~Host: a",
            })
    void a_request_that_cannot_be_routed_is_refused(int status, String lines) throws Exception {
        assertRefused(status, lines.replace("~", "\r\n") + "\r\n\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip, chunked", "chunked, chunked", "chunked, identity"})
    void a_body_in_a_coding_that_is_not_known_is_refused(String coding) throws Exception {
        ScriptedUpstream upstream = proxy.upstream((request, wire) -> wire.respond(200, "x"));
        Wire client = proxy.connect();

        client.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: " + coding + "\r\n\r\n0\r\n\r\n");

        assertThat(client.readMessage().status()).isIn(400, 501);
        assertThat(client.ends()).isTrue();
        assertThat(upstream.received()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "a:8080", "[::1]:8080", "a.b-c_d"})
    void a_valid_host_is_fine(String host) throws Exception {
        proxy.upstream((request, wire) ->
                wire.respond(200, String.join(",", request.head().all("host"))));
        Wire client = proxy.connect();

        client.send("GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n");

        assertThat(client.readMessage().body()).isEqualTo(host);
    }

    @Test
    void a_higher_minor_version_is_read_as_the_highest_known_one() throws Exception {
        proxy.upstream((request, wire) -> wire.respond(200, request.head().start()));
        Wire client = proxy.connect();

        client.send("GET /x HTTP/1.2\r\nHost: a\r\n\r\n");

        assertThat(client.readMessage().body()).isEqualTo("GET /x HTTP/1.1");
    }

    @Test
    void options_of_the_proxy_itself_are_served_by_it() throws Exception {
        ScriptedUpstream upstream = proxy.upstream((request, wire) -> wire.respond(200, "x"));
        Wire client = proxy.connect();

        client.send("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n");

        Message response = client.readMessage();
        assertThat(response.status()).isEqualTo(204);
        assertThat(response.head().one("allow")).contains("GET", "POST");
        assertThat(upstream.received()).isEmpty();
    }

    private void assertRefused(int status, String request) throws Exception {
        ScriptedUpstream upstream = proxy.upstream((received, wire) -> wire.respond(200, "x"));
        Wire client = proxy.connect();

        client.send(request);

        assertThat(client.readMessage().status()).isEqualTo(status);
        assertThat(client.ends()).isTrue();
        assertThat(upstream.received()).isEmpty();
    }
}
