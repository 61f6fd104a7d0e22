package dev.pointsman.balancer.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.pointsman.balancer.testkit.Message;
import dev.pointsman.balancer.testkit.ScriptedUpstream;
import dev.pointsman.balancer.testkit.StrictReader;
import dev.pointsman.balancer.testkit.TestProxy;
import dev.pointsman.balancer.testkit.Wire;
import java.io.IOException;

/**
 * What may become of an upstream's bytes. The client reads strictly, and asks again on the same connection: whatever a
 * response was, the next one is the next request's.
 */
final class ResponseVerdict {
    private static final String ASKED = "GET /x HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final String NEXT = "GET /next HTTP/1.1\r\nHost: a\r\n\r\n";

    private ResponseVerdict() {}

    /** Passes, whole; what it says is for the caller to look at. */
    static Message passes(TestProxy proxy, String bytes) throws IOException {
        return responseTo(proxy, bytes, false);
    }

    /** The same, for bytes behind which the upstream ends its connection. */
    static Message passesWhenClosed(TestProxy proxy, String bytes) throws IOException {
        return responseTo(proxy, bytes, true);
    }

    /** Is not passed on; the client gets a 502, and the upstream was asked once: it did respond. */
    static void isBadGateway(TestProxy proxy, String bytes) throws IOException {
        assertThat(responseTo(proxy, bytes, false).status()).isEqualTo(502);
    }

    /** The same, for bytes behind which the upstream ends its connection. */
    static void isBadGatewayWhenClosed(TestProxy proxy, String bytes) throws IOException {
        assertThat(responseTo(proxy, bytes, true).status()).isEqualTo(502);
    }

    /** One of the two above: rules that leave a choice. */
    static Message passesOrIsBadGateway(TestProxy proxy, String bytes) throws IOException {
        return responseTo(proxy, bytes, false);
    }

    private static Message responseTo(TestProxy proxy, String bytes, boolean closes) throws IOException {
        ScriptedUpstream upstream = upstream(proxy, bytes, closes);
        Wire client = proxy.connect();
        StrictReader responses = new StrictReader(client);

        client.send(ASKED);
        Message response = responses.readResponse("GET");

        assertNextIsTheNextOnes(client, responses);
        assertThat(upstream.received())
                .as("asked once, and once for the next")
                .extracting(request -> request.head().uri())
                .containsExactly("/x", "/next");
        return response;
    }

    /** Breaks off in the midst of the body, and the client's connection with it: nothing that looks like an end. */
    static void breaksOff(TestProxy proxy, String bytes, boolean reset) throws IOException {
        ScriptedUpstream upstream = proxy.strictUpstream((request, wire) -> {
            if (request.head().uri().equals("/next")) {
                wire.respond(200, "next");
            } else {
                wire.send(bytes);
                if (reset) {
                    // So that the bytes are through before the reset overtakes them.
                    proxy.get("/next");
                    wire.reset();
                } else {
                    wire.close();
                }
            }
        });
        Wire client = proxy.connect();
        client.send(ASKED);

        StrictReader responses = new StrictReader(client);
        assertThatExceptionOfType(IOException.class).isThrownBy(() -> responses.readResponse("GET"));

        assertThat(proxy.get("/next").body()).isEqualTo("next");
        assertThat(upstream.received().stream()
                        .filter(request -> request.head().uri().equals("/x")))
                .hasSize(1);
    }

    private static ScriptedUpstream upstream(TestProxy proxy, String bytes, boolean closes) throws IOException {
        return proxy.strictUpstream((request, wire) -> {
            if (request.head().uri().equals("/next")) {
                wire.respond(200, "next");
            } else {
                wire.send(bytes);
                if (closes) {
                    wire.close();
                }
            }
        });
    }

    private static void assertNextIsTheNextOnes(Wire client, StrictReader responses) throws IOException {
        client.send(NEXT);
        Message next = responses.readResponse("GET");
        assertThat(next.status()).isEqualTo(200);
        assertThat(next.body()).isEqualTo("next");
    }
}
