package dev.pointsman.balancer.conformance;

import static dev.pointsman.balancer.conformance.RawMessage.head;
import static java.util.concurrent.CompletableFuture.delayedExecutor;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.balancer.testkit.ScriptedUpstream;
import dev.pointsman.balancer.testkit.StrictReader;
import dev.pointsman.balancer.testkit.TestProxy;
import dev.pointsman.balancer.testkit.Wire;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Idle connections to upstreams: what comes on one belongs to no request (RFC 9112, 9.2 and 9.3.1). */
class IdleConnectionTest {
    private static final String FAKE = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nfake";
    private static final int TRIES = 400;
    private static final int MORE_THAN_THE_BUDGET = 150;
    private static final long LONGEST_DELAY = 300_000;
    private static final long SEED = 20_261_127;

    @RegisterExtension
    private final TestProxy proxy = new TestProxy("response-timeout=2s", "idle-timeout=3s");

    /** The event loop sees both at once: it was busy when they came. */
    @ParameterizedTest(name = "{0} {1}, {2} first")
    @MethodSource
    void what_comes_on_an_idle_connection_by_the_time_of_the_next_request_is_not_its_response(
            String method, RawMessage late, String first) throws Exception {
        BlockingQueue<Wire> idle = new LinkedBlockingQueue<>();
        CountDownLatch over = new CountDownLatch(1);
        ScriptedUpstream upstream = proxy.rawUpstream(wire -> {
            wire.respond(200, wire.readMessage().head().uri());
            idle.add(wire);
            over.await(10, TimeUnit.SECONDS);
        });
        Wire client = proxy.connect();
        StrictReader responses = new StrictReader(client);
        client.send(request(method, "/1"));
        assertThat(responses.readResponse(method).body()).isEqualTo("/1");
        Wire toProxy = idle.take();

        proxy.whileTheLoopIsBusy(() -> {
            if (first.equals("request")) {
                client.send(request(method, "/2"));
            }
            toProxy.send(late.text());
            if (late.name().equals("end")) {
                toProxy.close();
            } else if (late.name().equals("reset")) {
                toProxy.reset();
            }
            if (!first.equals("request")) {
                client.send(request(method, "/2"));
            }
        });

        assertThat(responses.readResponse(method).body()).isEqualTo("/2");
        assertThat(upstream.connections()).isEqualTo(2);
        assertThat(proxy.upstreams().get(0).failures()).isZero();
        over.countDown();
    }

    static Stream<Arguments> what_comes_on_an_idle_connection_by_the_time_of_the_next_request_is_not_its_response() {
        RawMessage[] late = {
            RawMessage.of("response", FAKE),
            RawMessage.of("half a head", "HTTP/1.1 200 OK\r\nX-Fake: "),
            RawMessage.of("line end", "\r\n"),
            RawMessage.of("interim response", "HTTP/1.1 103 Early Hints\r\n\r\n"),
            RawMessage.of("end", ""),
            RawMessage.of("reset", ""),
        };
        return Stream.of("GET", "POST").flatMap(method -> Stream.of(late)
                .flatMap(row -> Stream.of("request", "upstream").map(first -> Arguments.of(method, row, first))));
    }

    /** A second response that the upstream has sent before the client sends is none, however close the two are. */
    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"GET", "POST"})
    void no_request_gets_what_its_upstream_sent_before_it_at_any_moment(String method) throws Exception {
        long[] delays = new Random(SEED).longs(TRIES, 0, LONGEST_DELAY).toArray();
        AtomicIntegerArray fakeSent = new AtomicIntegerArray(TRIES);
        proxy.rawUpstream(wire -> {
            while (true) {
                String uri = wire.readMessage().head().uri();
                int number = Integer.parseInt(uri.substring(1));
                wire.respond(200, uri);
                CompletableFuture.runAsync(() -> {}, delayedExecutor(delays[number], TimeUnit.NANOSECONDS))
                        .join();
                try {
                    wire.send(FAKE);
                } finally {
                    fakeSent.set(number, 1);
                }
            }
        });
        Wire client = proxy.connect();
        StrictReader responses = new StrictReader(client);

        for (int i = 0; i < TRIES; i++) {
            boolean fakeWasThere = i > 0 && fakeSent.get(i - 1) == 1;
            client.send(request(method, "/" + i));
            String body = responses.readResponse(method).body();
            if (fakeWasThere) {
                // What is sent while the request is on its way cannot be told from a response to it.
                assertThat(body).isEqualTo("/" + i);
            }
            // Half of the time the client sends right behind it.
            while (i % 2 == 0 && body.equals("/" + i) && fakeSent.get(i) == 0) {
                Thread.onSpinWait();
            }
        }
    }

    /** More often than the retry budget would allow. */
    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"closed", "reset"})
    void a_get_that_meets_the_end_of_a_kept_connection_costs_neither_the_budget_nor_its_upstream(String how)
            throws Exception {
        ScriptedUpstream upstream = proxy.rawUpstream(wire -> {
            wire.readMessage();
            wire.respond(200, "ok");
            wire.readMessage();
            if (how.equals("reset")) {
                wire.reset();
            }
        });

        Wire client = proxy.connect();
        StrictReader responses = new StrictReader(client);
        for (int i = 0; i < MORE_THAN_THE_BUDGET; i++) {
            client.send(request("GET", "/" + i));
            assertThat(responses.readResponse("GET").status())
                    .as("request %d", i)
                    .isEqualTo(200);
        }

        assertThat(upstream.connections()).isEqualTo(MORE_THAN_THE_BUDGET);
        assertThat(proxy.upstreams().get(0).failures()).isZero();
    }

    @Test
    void a_post_that_meets_the_end_of_a_kept_connection_is_not_sent_again_and_does_not_count_against_its_upstream()
            throws Exception {
        AtomicInteger posts = new AtomicInteger();
        proxy.rawUpstream(wire -> {
            wire.readMessage();
            wire.respond(200, "ok");
            if (wire.readMessage().head().method().equals("POST")) {
                posts.incrementAndGet();
            }
        });
        assertThat(proxy.get("/first").status()).isEqualTo(200);
        proxy.awaitIdle();

        assertThat(proxy.post("/x", "data").status()).isEqualTo(502);

        assertThat(posts).hasValue(1);
        assertThat(proxy.upstreams().get(0).failures()).isZero();
    }

    @Test
    void the_end_of_a_new_connection_counts_against_its_upstream() throws Exception {
        proxy.rawUpstream(Wire::readMessage);

        assertThat(proxy.post("/x", "data").status()).isEqualTo(502);

        assertThat(proxy.upstreams().get(0).failures()).isEqualTo(1);
    }

    @Test
    void a_connection_that_stays_silent_is_used_again() throws Exception {
        ScriptedUpstream upstream = proxy.strictUpstream(
                (request, wire) -> wire.respond(200, request.head().uri()));

        for (int i = 0; i < 50; i++) {
            assertThat(proxy.get("/" + i).body()).isEqualTo("/" + i);
            proxy.awaitIdle();
        }

        assertThat(upstream.connections()).isEqualTo(1);
    }

    private static String request(String method, String path) {
        return method.equals("POST")
                ? head("POST " + path + " HTTP/1.1", "Host: a", "Content-Length: 4") + "data"
                : head("GET " + path + " HTTP/1.1", "Host: a");
    }
}
