package dev.pointsman.balancer.conformance;

import static dev.pointsman.balancer.conformance.Octets.head;
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
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections to upstreams: which ones are used again, and what becomes of a request when one fails. */
class UpstreamConnectionsTest {
    private static final String GET = head("GET /next HTTP/1.1", "Host: a");

    @RegisterExtension
    private final TestProxy proxy = new TestProxy("response-timeout=500ms", "idle-timeout=1s");

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void a_connection_that_its_upstream_is_done_with_is_not_used_again(Octets row) throws Exception {
        // Stays open all the same: it is the answer that says so.
        ScriptedUpstream upstream = proxy.strictUpstream((request, wire) -> wire.send(row.text()));

        for (int i = 0; i < 3; i++) {
            assertThat(proxy.post("/x", "data").body()).isEqualTo("ok");
            proxy.awaitIdle();
        }

        assertThat(upstream.connections()).isEqualTo(3);
    }

    static Stream<Octets> a_connection_that_its_upstream_is_done_with_is_not_used_again() {
        String rest = "Content-Length: 2\r\n\r\nok";
        return Stream.of(
                Octets.of("close", "HTTP/1.1 200 OK\r\nConnection: close\r\n" + rest),
                Octets.of("Close", "HTTP/1.1 200 OK\r\nConnection: Close\r\n" + rest),
                Octets.of("close in a list", "HTTP/1.1 200 OK\r\nConnection: X-A, close\r\nX-A: 1\r\n" + rest),
                Octets.of(
                        "close in a second field",
                        "HTTP/1.1 200 OK\r\nConnection: X-A\r\nConnection: close\r\n" + rest),
                Octets.of("close and keep-alive", "HTTP/1.1 200 OK\r\nConnection: keep-alive, close\r\n" + rest),
                Octets.of("HTTP/1.0", "HTTP/1.0 200 OK\r\n" + rest));
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
    void an_upstream_that_answers_before_it_has_read_everything_is_heard_and_its_connection_not_used_again(
            String framing) throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        List<String> heads = new CopyOnWriteArrayList<>();
        ScriptedUpstream upstream = proxy.rawUpstream(wire -> {
            Head head = wire.readHead();
            heads.add(head.uri());
            if (head.method().equals("POST")) {
                wire.answer(413, "too large");
                over.await(10, TimeUnit.SECONDS);
            } else {
                wire.answer(200, "ok");
            }
        });
        Wire client = proxy.connect();
        StrictReader answers = new StrictReader(client);
        String hidden = head("GET /hidden HTTP/1.1", "Host: a");
        boolean counted = framing.equals("counted");
        String field = counted ? "Content-Length: " + (4 + hidden.length()) : "Transfer-Encoding: chunked";
        client.send(head("POST /x HTTP/1.1", "Host: a", field) + (counted ? "data" : "4\r\ndata\r\n"));

        Message answer = answers.readAnswer("POST");
        assertThat(answer.status()).isEqualTo(413);
        assertThat(answer.body()).isEqualTo("too large");

        try {
            client.send(counted ? hidden : Integer.toHexString(hidden.length()) + "\r\n" + hidden + "\r\n0\r\n\r\n");
            client.send(GET);
            // The client's connection may stay or not; if it does, the next answer is the next request's.
            assertThat(answers.readAnswer("GET").body()).isEqualTo("ok");
        } catch (IOException closed) {
            assertThat(proxy.get("/next").body()).isEqualTo("ok");
        }
        over.countDown();
        assertThat(heads).containsExactly("/x", "/next");
        assertThat(upstream.connections()).isEqualTo(2);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void an_upstream_that_fails_before_it_answered_is_a_bad_gateway_for_a_post_that_it_may_have_got(Octets row)
            throws Exception {
        AtomicInteger asked = new AtomicInteger();
        proxy.rawUpstream(wire -> {
            wire.readMessage();
            asked.incrementAndGet();
            wire.send(row.text());
            if (row.name().endsWith("reset")) {
                wire.reset();
            }
        });
        ScriptedUpstream other = proxy.strictUpstream((request, wire) -> wire.answer(200, "ok"));

        Wire client = proxy.connect();
        client.send(head("POST /x HTTP/1.1", "Host: a", "Content-Length: 4") + "data");
        assertThat(new StrictReader(client).readFinalAnswer("POST").status()).isEqualTo(502);

        assertThat(asked).hasValue(1);
        assertThat(other.received()).isEmpty();
    }

    static Stream<Octets> an_upstream_that_fails_before_it_answered_is_a_bad_gateway_for_a_post_that_it_may_have_got() {
        return Stream.of(
                Octets.of("closed", ""),
                Octets.of("reset", ""),
                Octets.of("half a status line, closed", "HTTP/1.1 2"),
                Octets.of("half a head, closed", "HTTP/1.1 200 OK\r\nConte"),
                Octets.of("half a head, reset", "HTTP/1.1 200 OK\r\nConte"),
                Octets.of("a 100, closed", "HTTP/1.1 100 Continue\r\n\r\n"));
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"POST", "PATCH", "BREW", "post", "get", "CONNECTED"})
    void a_method_that_is_not_known_to_be_idempotent_is_sent_once(String method) throws Exception {
        ScriptedUpstream broken = proxy.strictUpstream((request, wire) -> wire.reset());
        ScriptedUpstream other = proxy.strictUpstream((request, wire) -> wire.answer(200, "ok"));

        assertThat(proxy.request(method, "/x").status()).isEqualTo(502);

        assertThat(broken.received()).hasSize(1);
        assertThat(other.received()).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"})
    void an_idempotent_one_goes_on_to_another_upstream(String method) throws Exception {
        ScriptedUpstream broken = proxy.strictUpstream((request, wire) -> wire.reset());
        ScriptedUpstream other =
                proxy.strictUpstream((request, wire) -> wire.answer(200, method.equals("HEAD") ? "" : "ok"));

        assertThat(proxy.request(method, "/x").status()).isEqualTo(200);

        assertThat(broken.received()).hasSize(1);
        assertThat(other.received()).hasSize(1);
    }

    @ParameterizedTest(name = "PUT of {0} octets")
    @ValueSource(ints = {1, 1000, 65_536})
    void a_small_body_goes_on_to_another_upstream_whole(int length) throws Exception {
        String body = "0123456789abcdef".repeat(length / 16 + 1).substring(0, length);
        ScriptedUpstream broken = proxy.strictUpstream((request, wire) -> wire.reset());
        ScriptedUpstream other = proxy.strictUpstream((request, wire) -> wire.answer(200, "ok"));
        Wire client = proxy.connect();

        client.send(head("PUT /x HTTP/1.1", "Host: a", "Content-Length: " + length) + body);

        assertThat(new StrictReader(client).readAnswer("PUT").status()).isEqualTo(200);
        assertThat(broken.received()).hasSize(1);
        assertThat(other.onlyRequest().body().equals(body)).isTrue();
    }

    @Test
    void a_small_chunked_body_goes_on_to_another_upstream_whole_with_its_trailers() throws Exception {
        proxy.strictUpstream((request, wire) -> wire.reset());
        ScriptedUpstream other = proxy.strictUpstream((request, wire) -> wire.answer(200, "ok"));
        Wire client = proxy.connect();

        client.send(head("PUT /x HTTP/1.1", "Host: a", "Transfer-Encoding: chunked")
                + "5\r\nhello\r\n6\r\n world\r\n0\r\nX-Sum: 42\r\n\r\n");

        assertThat(new StrictReader(client).readAnswer("PUT").status()).isEqualTo(200);
        assertThat(other.onlyRequest().body()).isEqualTo("hello world");
        assertThat(other.onlyRequest().trailers().one("x-sum")).isEqualTo("42");
    }

    @Test
    void a_body_too_large_to_keep_is_not_sent_in_part() throws Exception {
        String body = "x".repeat(300_000);
        ScriptedUpstream broken = proxy.strictUpstream((request, wire) -> wire.reset());
        ScriptedUpstream other = proxy.strictUpstream((request, wire) -> wire.answer(200, "ok"));
        Wire client = proxy.connect();

        client.send(head("PUT /x HTTP/1.1", "Host: a", "Content-Length: " + body.length()) + body);

        assertThat(new StrictReader(client).readAnswer("PUT").status()).isEqualTo(502);
        assertThat(broken.received()).hasSize(1);
        assertThat(other.received()).isEmpty();
    }

    /** Twenty times each, as the proxy may or may not have seen the connection end by then. */
    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {"closed at once", "reset at once", "closed instead of the second answer", "reset instead of it"})
    void a_get_never_fails_on_a_kept_connection_that_the_upstream_ended(String how) throws Exception {
        proxy.rawUpstream(wire -> {
            wire.readMessage();
            wire.answer(200, "ok");
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
    void an_upstream_that_does_not_answer_in_time_is_a_504_and_its_connection_is_not_used_again() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        ScriptedUpstream upstream = proxy.strictUpstream((request, wire) -> {
            if (request.head().uri().equals("/slow")) {
                over.await(10, TimeUnit.SECONDS);
                wire.answer(200, "slow");
            } else {
                wire.answer(200, "ok");
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

    @Test
    void half_a_head_is_not_in_time_either() throws Exception {
        proxy.rawUpstream(wire -> {
            wire.readMessage();
            wire.send("HTTP/1.1 200 OK\r\nX-Slow");
            wire.ends();
        });

        assertThat(proxy.get("/x").status()).isEqualTo(504);
    }

    @Test
    void an_interim_answer_is_not_the_answer_in_time() throws Exception {
        proxy.rawUpstream(wire -> {
            wire.readMessage();
            wire.sendHead("HTTP/1.1 103 Early Hints");
            wire.ends();
        });
        Wire client = proxy.connect();
        StrictReader answers = new StrictReader(client);

        client.send(GET);

        assertThat(answers.readAnswerHead().status()).isEqualTo(103);
        assertThat(answers.readAnswer("GET").status()).isEqualTo(504);
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "Content-Length: 10\r\n\r\nhello",
                "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
                "\r\nhello"
            })
    void an_answer_that_stands_still_in_mid_body_is_broken_off(String rest) throws Exception {
        proxy.rawUpstream(wire -> {
            wire.readMessage();
            wire.send("HTTP/1.1 200 OK\r\n" + rest);
            wire.ends();
        });
        Wire client = proxy.connect();
        client.send(GET);

        client.readHead();
        StringBuilder all = new StringBuilder();
        try {
            while (true) {
                all.append(client.read(1));
            }
        } catch (IOException ended) {
            assertThat(all.toString()).doesNotEndWith("0\r\n\r\n").contains("hello");
        }
    }
}
