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
 * What may become of a client's octets. The upstream reads strictly, so that whatever reaches it out of form fails the
 * test as well.
 */
final class Verdict {
    /** Always sent behind the octets in question, in the same packet: it is a request of its own, or nothing at all. */
    private static final String NEXT = "GET /next HTTP/1.1\r\nHost: next\r\n\r\n";

    private Verdict() {}

    /**
     * Refused: one answer with one of these statuses, which says that the connection ends, then it does; no upstream hears
     * of the request nor of what came behind it (RFC 9112, 9.6 and 11.2).
     */
    static Message refused(TestProxy proxy, String octets, Integer... statuses) throws IOException {
        ScriptedUpstream upstream = answering(proxy);
        keepAConnection(proxy);
        Wire client = proxy.connect();

        client.send(octets + NEXT);

        Message answer = answer(new StrictReader(client), "GET", octets);
        assertThat(answer.status())
                .as("status for %s", RawMessage.shown(octets))
                .isIn((Object[]) statuses);
        assertThat(answer.head().all("connection")).as("says so").anyMatch("close"::equalsIgnoreCase);
        assertThat(client.ends())
                .as("the connection ends after %s", RawMessage.shown(octets))
                .isTrue();
        assertNothingArrived(proxy, upstream, octets);
        return answer;
    }

    /** Arrives with this request line and body, and what came behind it arrives as a request of its own. */
    static Message arrives(TestProxy proxy, String octets, String start, String body) throws IOException {
        ScriptedUpstream upstream = answering(proxy);
        Wire client = proxy.connect();

        client.send(octets + NEXT);

        StrictReader answers = new StrictReader(client);
        String method = start.substring(0, start.indexOf(' '));
        assertThat(answer(answers, method, octets).status())
                .as("status for %s", RawMessage.shown(octets))
                .isEqualTo(200);
        return assertArrived(answers, upstream, 0, octets, start, body);
    }

    /** One of the two above: rules that leave a choice. */
    static void refusedOrArrives(TestProxy proxy, String octets, String start, String body) throws IOException {
        ScriptedUpstream upstream = answering(proxy);
        keepAConnection(proxy);
        Wire client = proxy.connect();

        client.send(octets + NEXT);

        StrictReader answers = new StrictReader(client);
        int status = answer(answers, "GET", octets).status();
        if (status == 200) {
            assertArrived(answers, upstream, 1, octets, start, body);
        } else {
            assertThat(status).as("status for %s", RawMessage.shown(octets)).isIn(400, 501, 505);
            assertThat(client.ends())
                    .as("the connection ends after %s", RawMessage.shown(octets))
                    .isTrue();
            assertNothingArrived(proxy, upstream, octets);
        }
    }

    private static ScriptedUpstream answering(TestProxy proxy) throws IOException {
        return proxy.strictUpstream(
                (request, wire) -> wire.answer(200, request.head().method().equals("HEAD") ? "" : "ok"));
    }

    /** One that the proxy keeps, so that what it should not send would go out at once. */
    private static void keepAConnection(TestProxy proxy) throws IOException {
        assertThat(proxy.get("/before").status()).isEqualTo(200);
        proxy.awaitIdle();
    }

    private static Message answer(StrictReader answers, String method, String octets) throws IOException {
        try {
            return answers.readAnswer(method);
        } catch (EOFException | SocketException ended) {
            throw new AssertionError("the connection ended without an answer to " + RawMessage.shown(octets), ended);
        }
    }

    private static Message assertArrived(
            StrictReader answers, ScriptedUpstream upstream, int before, String octets, String start, String body)
            throws IOException {
        assertThat(answer(answers, "GET", octets).status())
                .as("status for what came behind %s", RawMessage.shown(octets))
                .isEqualTo(200);
        List<Message> received = upstream.received();
        assertThat(received).as("arrived of %s", RawMessage.shown(octets)).hasSize(before + 2);
        assertThat(received.get(before).head().start()).isEqualTo(start);
        assertThat(received.get(before).body()).isEqualTo(body);
        assertThat(received.get(before + 1).head().uri()).isEqualTo("/next");
        assertThat(received.get(before + 1).body()).isEmpty();
        return received.get(before);
    }

    /** A whole exchange later, whatever the proxy was about to send to the upstream is there. */
    private static void assertNothingArrived(TestProxy proxy, ScriptedUpstream upstream, String octets)
            throws IOException {
        assertThat(proxy.get("/later").status()).isEqualTo(200);
        proxy.awaitIdle();
        assertThat(upstream.received())
                .as("arrived of %s", RawMessage.shown(octets))
                .extracting(request -> request.head().uri())
                .containsExactly("/before", "/later");
    }
}
