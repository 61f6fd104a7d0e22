package dev.pointsman.balancer.conformance;

import static dev.pointsman.balancer.conformance.RawMessage.head;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.balancer.testkit.Head;
import dev.pointsman.balancer.testkit.ScriptedUpstream;
import dev.pointsman.balancer.testkit.TestProxy;
import dev.pointsman.balancer.testkit.Wire;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A client that leaves, in each phase: its attempt ends, the upstream notices, nothing is left in flight (which the test
 * kit looks after), and the next client is served.
 */
class DepartingClientTest {
    @RegisterExtension
    private static final TestProxy proxy = TestProxy.shared();

    private final CountDownLatch reached = new CountDownLatch(1);
    private final CountDownLatch noticed = new CountDownLatch(1);

    @ParameterizedTest(name = "by {0}")
    @ValueSource(strings = {"closing", "reset"})
    void while_the_upstream_thinks(String how) throws Exception {
        proxy.rawUpstream(wire -> {
            if (wire.readMessage().head().uri().equals("/x")) {
                reached.countDown();
                awaitEnd(wire);
            } else {
                wire.respond(200, "ok");
            }
        });
        Wire client = proxy.connect();
        client.send(head("GET /x HTTP/1.1", "Host: a"));
        await(reached);

        leave(client, how);

        assertNoticed();
    }

    @ParameterizedTest(name = "by {0}")
    @ValueSource(strings = {"closing", "reset"})
    void while_its_body_is_on_the_way(String how) throws Exception {
        proxy.rawUpstream(wire -> {
            if (wire.readHead().uri().equals("/x")) {
                wire.read(4);
                reached.countDown();
                awaitEnd(wire);
            } else {
                wire.respond(200, "ok");
            }
        });
        Wire client = proxy.connect();
        client.send(head("POST /x HTTP/1.1", "Host: a", "Content-Length: 1000") + "data");
        await(reached);

        leave(client, how);

        assertNoticed();
    }

    @ParameterizedTest(name = "by {0}")
    @ValueSource(strings = {"closing", "reset"})
    void while_the_response_s_body_is_on_the_way(String how) throws Exception {
        proxy.rawUpstream(wire -> {
            if (wire.readMessage().head().uri().equals("/x")) {
                wire.sendHead("HTTP/1.1 200 OK", "Content-Length: 1000").send("data");
                awaitEnd(wire);
            } else {
                wire.respond(200, "ok");
            }
        });
        Wire client = proxy.connect();
        client.send(head("GET /x HTTP/1.1", "Host: a"));
        client.readHead();
        client.read(4);

        leave(client, how);

        assertNoticed();
    }

    @ParameterizedTest(name = "by {0}")
    @ValueSource(strings = {"closing", "reset"})
    void without_having_read_much_of_a_huge_response(String how) throws Exception {
        proxy.rawUpstream(wire -> {
            if (wire.readMessage().head().uri().equals("/x")) {
                wire.sendHead("HTTP/1.1 200 OK", "Transfer-Encoding: chunked");
                String chunk = "10000\r\n" + "x".repeat(65536) + "\r\n";
                try {
                    while (true) {
                        wire.send(chunk);
                    }
                } catch (IOException ended) {
                    noticed.countDown();
                }
            } else {
                wire.respond(200, "ok");
            }
        });
        Wire client = proxy.connect();
        client.send(head("GET /x HTTP/1.1", "Host: a"));
        client.readHead();
        client.read(100_000);

        leave(client, how);

        assertNoticed();
    }

    @Test
    void with_more_requests_behind_the_first_none_of_which_is_sent_then() throws Exception {
        ScriptedUpstream upstream = proxy.strictUpstream((request, wire) -> {
            if (request.head().uri().equals("/x")) {
                reached.countDown();
                awaitEnd(wire);
            } else {
                wire.respond(200, "ok");
            }
        });
        Wire client = proxy.connect();
        client.send(head("GET /x HTTP/1.1", "Host: a")
                + head("POST /never HTTP/1.1", "Host: a", "Content-Length: 0")
                + head("POST /never HTTP/1.1", "Host: a", "Content-Length: 0"));
        await(reached);

        client.reset();

        assertNoticed();
        assertThat(upstream.received())
                .extracting(request -> request.head().uri())
                .containsExactly("/x", "/later");
    }

    @ParameterizedTest(name = "after \"{0}\"")
    @ValueSource(
            strings = {
                "",
                "G",
                "GET /x HTTP/1.1",
                "GET /x HTTP/1.1\r\nHost: a\r\n",
                "POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\n",
                "POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nda",
                "POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n",
                "POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nda",
                "POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n4\r\ndata\r\n",
                "POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n4\r\ndata\r\n0\r\n"
            })
    void before_its_request_is_whole(String part) throws Exception {
        for (String how : new String[] {"closing", "reset"}) {
            ScriptedUpstream upstream = proxy.strictUpstream((request, wire) -> wire.respond(200, "ok"));
            Wire client = proxy.connect();
            client.send(part);

            leave(client, how);

            assertThat(proxy.get("/later").body()).isEqualTo("ok");
            proxy.awaitIdle();
            assertThat(upstream.received())
                    .allSatisfy(request -> assertThat(request.head().uri()).isEqualTo("/later"));
        }
    }

    @Test
    void a_half_sent_request_leaves_no_connection_for_the_next_one() throws Exception {
        proxy.rawUpstream(wire -> {
            while (true) {
                Head head = wire.readHead();
                if (head.uri().equals("/x")) {
                    wire.read(4);
                    reached.countDown();
                } else {
                    wire.respond(200, head.uri());
                }
            }
        });
        Wire client = proxy.connect();
        client.send(head("POST /x HTTP/1.1", "Host: a", "Content-Length: 8") + "data");
        await(reached);
        client.close();
        proxy.awaitIdle();

        for (int i = 0; i < 5; i++) {
            assertThat(proxy.get("/" + i).body()).isEqualTo("/" + i);
        }
    }

    @Test
    void an_unread_response_leaves_no_connection_for_the_next_one() throws Exception {
        proxy.rawUpstream(wire -> {
            while (true) {
                Head head = wire.readHead();
                if (head.uri().equals("/x")) {
                    wire.sendHead("HTTP/1.1 200 OK", "Content-Length: 8").send("data");
                    await(reached);
                    wire.send("more");
                } else {
                    wire.respond(200, head.uri());
                }
            }
        });
        Wire client = proxy.connect();
        client.send(head("GET /x HTTP/1.1", "Host: a"));
        client.readHead();
        client.close();
        proxy.awaitIdle();
        reached.countDown();

        for (int i = 0; i < 5; i++) {
            assertThat(proxy.get("/" + i).body()).isEqualTo("/" + i);
        }
    }

    private void awaitEnd(Wire wire) throws Exception {
        if (wire.ends()) {
            noticed.countDown();
        }
    }

    private void assertNoticed() throws Exception {
        assertThat(noticed.await(15, TimeUnit.SECONDS))
                .as("the upstream notices")
                .isTrue();
        proxy.awaitIdle();
        assertThat(proxy.get("/later").body()).isEqualTo("ok");
    }

    private static void leave(Wire client, String how) throws Exception {
        if (how.equals("reset")) {
            client.reset();
        } else {
            client.close();
        }
    }

    private static void await(CountDownLatch latch) throws InterruptedException {
        assertThat(latch.await(15, TimeUnit.SECONDS)).isTrue();
    }
}
