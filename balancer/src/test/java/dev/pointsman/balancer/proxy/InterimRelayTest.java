package dev.pointsman.balancer.proxy;

import static dev.pointsman.balancer.testkit.TestProxy.sendRequest;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.balancer.testkit.TestProxy;
import dev.pointsman.balancer.testkit.Wire;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class InterimRelayTest {
    @RegisterExtension
    private final TestProxy proxy = new TestProxy("response-timeout=10s");

    @Test
    void many_interim_responses_pass() throws Exception {
        proxy.upstream((request, wire) ->
                wire.send("HTTP/1.1 102 Processing\r\n\r\n".repeat(1000)).respond(200, "done"));
        Wire client = proxy.connect();
        sendRequest(client, "POST", "/", "Content-Length: 0");

        for (int i = 0; i < 1000; i++) {
            assertThat(client.readHead().status()).isEqualTo(102);
        }
        assertThat(client.readMessage().body()).isEqualTo("done");
    }

    @Test
    void interim_responses_without_an_end_are_a_bad_response() throws Exception {
        proxy.upstream((request, wire) -> {
            String some = "HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n".repeat(100);
            for (int i = 0; i < 1000; i++) {
                wire.send(some);
            }
        });
        Wire client = proxy.connect();
        sendRequest(client, "POST", "/", "Content-Length: 0", "Connection: close");

        String response = client.readToEnd();

        assertThat(response).contains("HTTP/1.1 502 ");
        assertThat(response.length()).isLessThan(512 * 1024);
    }
}
