package dev.pointsman.balancer.conformance;

import static dev.pointsman.balancer.conformance.RawMessage.head;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.balancer.testkit.Head;
import dev.pointsman.balancer.testkit.Message;
import dev.pointsman.balancer.testkit.ScriptedUpstream;
import dev.pointsman.balancer.testkit.StrictReader;
import dev.pointsman.balancer.testkit.TestProxy;
import dev.pointsman.balancer.testkit.Wire;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections to upstreams: which ones are used again (RFC 9112, 9.3 and 9.6). */
class UpstreamConnectionsTest {
    private static final String GET = head("GET /next HTTP/1.1", "Host: a");

    @RegisterExtension
    private final TestProxy proxy = new TestProxy("response-timeout=2s", "idle-timeout=4s");

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void a_connection_that_its_upstream_is_done_with_is_not_used_again(RawMessage row) throws Exception {
        // Stays open all the same: it is the response that says so.
        ScriptedUpstream upstream = proxy.strictUpstream((request, wire) -> wire.send(row.text()));

        for (int i = 0; i < 3; i++) {
            assertThat(proxy.post("/x", "data").body()).isEqualTo("ok");
            proxy.awaitIdle();
        }

        assertThat(upstream.connections()).isEqualTo(3);
    }

    static Stream<RawMessage> a_connection_that_its_upstream_is_done_with_is_not_used_again() {
        String rest = "Content-Length: 2\r\n\r\nok";
        return Stream.of(
                RawMessage.of("close", "HTTP/1.1 200 OK\r\nConnection: close\r\n" + rest),
                RawMessage.of("Close", "HTTP/1.1 200 OK\r\nConnection: Close\r\n" + rest),
                RawMessage.of("close in a list", "HTTP/1.1 200 OK\r\nConnection: X-A, close\r\nX-A: 1\r\n" + rest),
                RawMessage.of(
                        "close in a second field",
                        "HTTP/1.1 200 OK\r\nConnection: X-A\r\nConnection: close\r\n" + rest),
                RawMessage.of("close and keep-alive", "HTTP/1.1 200 OK\r\nConnection: keep-alive, close\r\n" + rest),
                RawMessage.of("HTTP/1.0", "HTTP/1.0 200 OK\r\n" + rest));
    }

    @ParameterizedTest(name = "\"{0}\"")
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\n",
                "HTTP/1.1 404 Not Found\r\n",
                "HTTP/1.1 500 Oh\r\n",
                "HTTP/1.1 200 OK\r\nConnection: keep-alive\r\n",
                "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\n",
                "HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\nKeep-Alive: timeout=5\r\n"
            })
    void any_other_is(String head) throws Exception {
        ScriptedUpstream upstream =
                proxy.strictUpstream((request, wire) -> wire.send(head + "Content-Length: 2\r\n\r\nok"));

        for (int i = 0; i < 3; i++) {
            assertThat(proxy.post("/x", "data").body()).isEqualTo("ok");
            proxy.awaitIdle();
        }

        assertThat(upstream.connections()).isEqualTo(1);
    }

    /** What is left of the request must not be read as the next one's head, on either side. */
    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"counted", "chunked"})
    void an_upstream_that_responds_before_it_has_read_everything_is_heard_and_its_connection_not_used_again(
            String framing) throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        List<String> heads = new CopyOnWriteArrayList<>();
        ScriptedUpstream upstream = proxy.rawUpstream(wire -> {
            Head head = wire.readHead();
            heads.add(head.uri());
            if (head.method().equals("POST")) {
                wire.respond(413, "too large");
                over.await(10, TimeUnit.SECONDS);
            } else {
                wire.respond(200, "ok");
            }
        });
        Wire client = proxy.connect();
        StrictReader responses = new StrictReader(client);
        String hidden = head("GET /hidden HTTP/1.1", "Host: a");
        boolean counted = framing.equals("counted");
        String field = counted ? "Content-Length: " + (4 + hidden.length()) : "Transfer-Encoding: chunked";
        client.send(head("POST /x HTTP/1.1", "Host: a", field) + (counted ? "data" : "4\r\ndata\r\n"));

        Message response = responses.readResponse("POST");
        assertThat(response.status()).isEqualTo(413);
        assertThat(response.body()).isEqualTo("too large");

        try {
            client.send(counted ? hidden : Integer.toHexString(hidden.length()) + "\r\n" + hidden + "\r\n0\r\n\r\n");
            client.send(GET);
            // The client's connection may stay or not; if it does, the next response is the next request's.
            assertThat(responses.readResponse("GET").body()).isEqualTo("ok");
        } catch (IOException closed) {
            assertThat(proxy.get("/next").body()).isEqualTo("ok");
        }
        over.countDown();
        assertThat(heads).containsExactly("/x", "/next");
        assertThat(upstream.connections()).isEqualTo(2);
    }

    /** Twenty times each, as the proxy may or may not have seen the connection end by then. */
    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {"closed at once", "reset at once", "closed instead of the second response", "reset instead of it"
            })
    void a_get_never_fails_on_a_kept_connection_that_the_upstream_ended(String how) throws Exception {
        proxy.rawUpstream(wire -> {
            wire.readMessage();
            wire.respond(200, "ok");
            if (!how.endsWith("at once")) {
                wire.readMessage();
            }
            if (how.startsWith("reset")) {
                wire.reset();
            }
        });

        for (int i = 0; i < 20; i++) {
            assertThat(proxy.get("/x").body()).as("request %d", i).isEqualTo("ok");
        }
    }

    @Test
    void an_upstream_that_does_not_respond_in_time_is_a_504_and_its_connection_is_not_used_again() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        ScriptedUpstream upstream = proxy.strictUpstream((request, wire) -> {
            if (request.head().uri().equals("/slow")) {
                over.await(10, TimeUnit.SECONDS);
                wire.respond(200, "slow");
            } else {
                wire.respond(200, "ok");
            }
        });
        for (String method : new String[] {"GET", "POST"}) {
            assertThat(proxy.request(method, "/slow", "Content-Length: 0").status())
                    .isEqualTo(504);
        }
        over.countDown();

        assertThat(proxy.get("/next").body()).isEqualTo("ok");
        assertThat(upstream.received().stream()
                        .filter(request -> request.head().uri().equals("/slow")))
                .as("asked once each")
                .hasSize(2);
    }
}
