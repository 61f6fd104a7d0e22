package dev.pointsman.balancer.downstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.balancer.testkit.Message;
import dev.pointsman.balancer.testkit.TestProxy;
import dev.pointsman.balancer.testkit.Wire;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Clients that speak HTTP/1.0. */
class OldClientsTest {
    @RegisterExtension
    private final TestProxy proxy = new TestProxy();

    @Test
    void a_client_that_asks_for_nothing_is_served_and_its_connection_closed() throws Exception {
        proxy.upstream((request, wire) -> wire.respond(200, "hello"));
        Wire client = proxy.connect();

        client.sendHead("GET / HTTP/1.0");

        assertThat(client.readMessage().body()).isEqualTo("hello");
        assertThat(client.ends()).isTrue();
    }

    @Test
    void a_client_that_asks_to_keep_its_connection_keeps_it() throws Exception {
        proxy.upstream((request, wire) -> wire.respond(200, "hello"));
        Wire client = proxy.connect();

        for (int i = 0; i < 2; i++) {
            client.sendHead("GET / HTTP/1.0", "Connection: keep-alive");
            Message response = client.readMessage();
            assertThat(response.body()).isEqualTo("hello");
            assertThat(response.head().one("connection")).isEqualToIgnoringCase("keep-alive");
        }
    }

    @Test
    void a_response_of_unknown_length_ends_with_the_connection_even_if_that_was_to_be_kept() throws Exception {
        proxy.upstream((request, wire) -> wire.sendHead("HTTP/1.1 200 OK", "Transfer-Encoding: chunked")
                .send("3\r\nabc\r\n3\r\ndef\r\n0\r\n\r\n"));
        for (String connection : new String[] {"close", "keep-alive"}) {
            Wire client = proxy.connect();

            client.sendHead("GET / HTTP/1.0", "Connection: " + connection);
            Message response = client.readMessage();

            assertThat(response.body()).isEqualTo("abcdef");
            assertThat(response.head().has("transfer-encoding")).isFalse();
            assertThat(response.head().one("connection")).isNotEqualTo("keep-alive");
        }
    }

    @Test
    void early_hints_are_kept_from_a_client_that_cannot_know_them() throws Exception {
        proxy.upstream((request, wire) ->
                wire.sendHead("HTTP/1.1 103 Early Hints", "Link: </a.css>").respond(200, "final"));
        Wire client = proxy.connect();

        client.sendHead("GET / HTTP/1.0");

        assertThat(client.readMessage().status()).isEqualTo(200);
    }
}
