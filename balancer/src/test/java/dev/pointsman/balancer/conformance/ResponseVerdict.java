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
 * What may become of an upstream's octets. The client reads strictly, and asks again on the same connection: whatever an
 * answer was, the next one is the next request's.
 */
final class ResponseVerdict {
    private static final String ASKED = "GET /x HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final String NEXT = "GET /next HTTP/1.1\r\nHost: a\r\n\r\n";

    private ResponseVerdict() {}

    /** Passes, whole; what it says is for the caller to look at. */
    static Message passes(TestProxy proxy, String octets) throws IOException {
        return answerTo(proxy, octets, false);
    }

    /** The same, for octets behind which the upstream ends its connection. */
    static Message passesWhenClosed(TestProxy proxy, String octets) throws IOException {
        return answerTo(proxy, octets, true);
    }

    /** Is not passed on; the client gets a 502, and the upstream was asked once: it did answer. */
    static void isBadGateway(TestProxy proxy, String octets) throws IOException {
        assertThat(answerTo(proxy, octets, false).status()).isEqualTo(502);
    }

    /** The same, for octets behind which the upstream ends its connection. */
    static void isBadGatewayWhenClosed(TestProxy proxy, String octets) throws IOException {
        assertThat(answerTo(proxy, octets, true).status()).isEqualTo(502);
    }

    /** One of the two above: rules that leave a choice. */
    static Message passesOrIsBadGateway(TestProxy proxy, String octets) throws IOException {
        return answerTo(proxy, octets, false);
    }

    private static Message answerTo(TestProxy proxy, String octets, boolean closes) throws IOException {
        ScriptedUpstream upstream = upstream(proxy, octets, closes);
        Wire client = proxy.connect();
        StrictReader answers = new StrictReader(client);

        client.send(ASKED);
        Message answer = answers.readAnswer("GET");

        assertNextIsTheNextOnes(client, answers);
        assertThat(upstream.received())
                .as("asked once, and once for the next")
                .extracting(request -> request.head().uri())
                .containsExactly("/x", "/next");
        return answer;
    }

    /** Breaks off in the midst of the body, and the client's connection with it: nothing that looks like an end. */
    static void breaksOff(TestProxy proxy, String octets, boolean reset) throws IOException {
        ScriptedUpstream upstream = proxy.strictUpstream((request, wire) -> {
            if (request.head().uri().equals("/next")) {
                wire.answer(200, "next");
            } else {
                wire.send(octets);
                if (reset) {
                    // So that the octets are through before the reset overtakes them.
                    proxy.get("/next");
                    wire.reset();
                } else {
                    wire.close();
                }
            }
        });
        Wire client = proxy.connect();
        client.send(ASKED);

        StrictReader answers = new StrictReader(client);
        assertThatExceptionOfType(IOException.class).isThrownBy(() -> answers.readAnswer("GET"));

        assertThat(proxy.get("/next").body()).isEqualTo("next");
        assertThat(upstream.received().stream()
                        .filter(request -> request.head().uri().equals("/x")))
                .hasSize(1);
    }

    private static ScriptedUpstream upstream(TestProxy proxy, String octets, boolean closes) throws IOException {
        return proxy.strictUpstream((request, wire) -> {
            if (request.head().uri().equals("/next")) {
                wire.answer(200, "next");
            } else {
                wire.send(octets);
                if (closes) {
                    wire.close();
                }
            }
        });
    }

    private static void assertNextIsTheNextOnes(Wire client, StrictReader answers) throws IOException {
        client.send(NEXT);
        Message next = answers.readAnswer("GET");
        assertThat(next.status()).isEqualTo(200);
        assertThat(next.body()).isEqualTo("next");
    }
}
