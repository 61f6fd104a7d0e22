package dev.pointsman.balancer.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.balancer.testkit.Message;
import dev.pointsman.balancer.testkit.ScriptedUpstream;
import dev.pointsman.balancer.testkit.StrictReader;
import dev.pointsman.balancer.testkit.TestProxy;
import dev.pointsman.balancer.testkit.Wire;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.util.List;

/**
 * What may become of a client's bytes. The upstream reads strictly, so that whatever reaches it out of form fails the
 * test as well.
 */
final class Verdict {
    /** Always sent behind the bytes in question, in the same packet: it is a request of its own, or nothing at all. */
    private static final String NEXT = "GET /next HTTP/1.1\r\nHost: next\r\n\r\n";

    private Verdict() {}

    /**
     * Refused: one response with one of these statuses, which says that the connection ends, then it does; no upstream hears
     * of the request nor of what came behind it (RFC 9112, 9.6 and 11.2).
     */
    static Message refused(TestProxy proxy, String bytes, Integer... statuses) throws IOException {
        ScriptedUpstream upstream = responding(proxy);
        keepAConnection(proxy);
        Wire client = proxy.connect();

        client.send(bytes + NEXT);

        Message response = response(new StrictReader(client), "GET", bytes);
        assertThat(response.status())
                .as("status for %s", RawMessage.shown(bytes))
                .isIn((Object[]) statuses);
        assertThat(response.head().all("connection")).as("says so").anyMatch("close"::equalsIgnoreCase);
        assertThat(client.ends())
                .as("the connection ends after %s", RawMessage.shown(bytes))
                .isTrue();
        assertNothingArrived(proxy, upstream, bytes);
        return response;
    }

    /** Arrives with this request line and body, and what came behind it arrives as a request of its own. */
    static Message arrives(TestProxy proxy, String bytes, String start, String body) throws IOException {
        ScriptedUpstream upstream = responding(proxy);
        Wire client = proxy.connect();

        client.send(bytes + NEXT);

        StrictReader responses = new StrictReader(client);
        String method = start.substring(0, start.indexOf(' '));
        assertThat(response(responses, method, bytes).status())
                .as("status for %s", RawMessage.shown(bytes))
                .isEqualTo(200);
        return assertArrived(responses, upstream, 0, bytes, start, body);
    }

    /** One of the two above: rules that leave a choice. */
    static void refusedOrArrives(TestProxy proxy, String bytes, String start, String body) throws IOException {
        ScriptedUpstream upstream = responding(proxy);
        keepAConnection(proxy);
        Wire client = proxy.connect();

        client.send(bytes + NEXT);

        StrictReader responses = new StrictReader(client);
        int status = response(responses, "GET", bytes).status();
        if (status == 200) {
            assertArrived(responses, upstream, 1, bytes, start, body);
        } else {
            assertThat(status).as("status for %s", RawMessage.shown(bytes)).isIn(400, 501, 505);
            assertThat(client.ends())
                    .as("the connection ends after %s", RawMessage.shown(bytes))
                    .isTrue();
            assertNothingArrived(proxy, upstream, bytes);
        }
    }

    private static ScriptedUpstream responding(TestProxy proxy) throws IOException {
        return proxy.strictUpstream(
                (request, wire) -> wire.respond(200, request.head().method().equals("HEAD") ? "" : "ok"));
    }

    /** A connection that the proxy keeps, so that what it should not send would go out at once. */
    private static void keepAConnection(TestProxy proxy) throws IOException {
        assertThat(proxy.get("/before").status()).isEqualTo(200);
        proxy.awaitIdle();
    }

    private static Message response(StrictReader responses, String method, String bytes) throws IOException {
        try {
            return responses.readResponse(method);
        } catch (EOFException | SocketException ended) {
            throw new AssertionError("the connection ended without a response to " + RawMessage.shown(bytes), ended);
        }
    }

    private static Message assertArrived(
            StrictReader responses, ScriptedUpstream upstream, int before, String bytes, String start, String body)
            throws IOException {
        assertThat(response(responses, "GET", bytes).status())
                .as("status for what came behind %s", RawMessage.shown(bytes))
                .isEqualTo(200);
        List<Message> received = upstream.received();
        assertThat(received).as("arrived of %s", RawMessage.shown(bytes)).hasSize(before + 2);
        assertThat(received.get(before).head().start()).isEqualTo(start);
        assertThat(received.get(before).body()).isEqualTo(body);
        assertThat(received.get(before + 1).head().uri()).isEqualTo("/next");
        assertThat(received.get(before + 1).body()).isEmpty();
        return received.get(before);
    }

    /** A whole exchange later, whatever the proxy was about to send to the upstream is there. */
    private static void assertNothingArrived(TestProxy proxy, ScriptedUpstream upstream, String bytes)
            throws IOException {
        assertThat(proxy.get("/later").status()).isEqualTo(200);
        proxy.awaitIdle();
        assertThat(upstream.received())
                .as("arrived of %s", RawMessage.shown(bytes))
                .extracting(request -> request.head().uri())
                .containsExactly("/before", "/later");
    }
}
