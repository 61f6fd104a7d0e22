package dev.pointsman.balancer.proxy;

import static dev.pointsman.balancer.testkit.TestProxy.sendRequest;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.pointsman.balancer.testkit.Message;
import dev.pointsman.balancer.testkit.ScriptedUpstream;
import dev.pointsman.balancer.testkit.TestProxy;
import dev.pointsman.balancer.testkit.Wire;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Bodies on their way: at once, at the pace of the slower side, and cut off. */
class StreamingTest {
    private static final int PIECE = 64 * 1024;
    private static final long MEBI = 1024 * 1024;

    /** More than all socket buffers on the way together, which the kernel lets grow to some MB each. */
    private static final long HUGE = 96 * MEBI;

    private static final long BUFFERS_ON_THE_WAY = 40 * MEBI;

    @RegisterExtension
    private final TestProxy proxy = new TestProxy();

    @Test
    void ten_megabytes_arrive_whole_both_ways() throws Exception {
        String body = "0123456789abcdef".repeat(640 * 1024);
        ScriptedUpstream upstream = proxy.upstream((request, wire) -> wire.respond(200, request.body()));
        Wire client = proxy.connect();

        CompletableFuture<Message> response = CompletableFuture.supplyAsync(() -> readMessage(client));
        sendRequest(client, "POST", "/", "Content-Length: " + body.length());
        client.send(body);

        assertThat(response.get(30, TimeUnit.SECONDS).body().equals(body)).isTrue();
        assertThat(upstream.onlyRequest().body().length()).isEqualTo(10 * MEBI);
    }

    @Test
    void a_response_is_read_from_the_upstream_no_faster_than_the_client_takes_it() throws Exception {
        AtomicLong sent = new AtomicLong();
        proxy.rawUpstream(wire -> {
            wire.readMessage();
            wire.sendHead("HTTP/1.1 200 OK", "Content-Length: " + HUGE);
            sendHugeBody(wire, sent);
        });
        Wire client = proxy.connect();
        sendRequest(client, "GET", "/");
        client.readHead();

        awaitStandstill(sent);
        assertThat(sent).hasValueLessThan(BUFFERS_ON_THE_WAY);

        long taken = 0;
        while (taken < HUGE) {
            taken += client.read(PIECE).length();
            assertThat(sent.get() - taken).isLessThan(BUFFERS_ON_THE_WAY);
        }
    }

    @Test
    void a_request_is_read_from_the_client_no_faster_than_the_upstream_takes_it() throws Exception {
        AtomicLong sent = new AtomicLong();
        CountDownLatch goOn = new CountDownLatch(1);
        proxy.rawUpstream(wire -> {
            wire.readHead();
            goOn.await(30, TimeUnit.SECONDS);
            for (long taken = 0; taken < HUGE; taken += PIECE) {
                wire.read(PIECE);
            }
            wire.respond(200, "thanks");
        });
        Wire client = proxy.connect();
        sendRequest(client, "POST", "/", "Content-Length: " + HUGE);
        CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> {
            try {
                sendHugeBody(client, sent);
            } catch (IOException failed) {
                throw new AssertionError(failed);
            }
        });

        awaitStandstill(sent);
        assertThat(sent).hasValueLessThan(BUFFERS_ON_THE_WAY);

        goOn.countDown();
        sending.get(60, TimeUnit.SECONDS);
        assertThat(client.readMessage().body()).isEqualTo("thanks");
    }

    @Test
    void the_head_of_a_stream_and_each_of_its_events_arrive_at_once() throws Exception {
        CountDownLatch headSeen = new CountDownLatch(1);
        CountDownLatch eventSeen = new CountDownLatch(1);
        proxy.rawUpstream(wire -> {
            wire.readMessage();
            wire.sendHead("HTTP/1.1 200 OK", "Content-Type: text/event-stream", "Transfer-Encoding: chunked");
            headSeen.await(20, TimeUnit.SECONDS);
            wire.send("9\r\ndata: 1\n\n\r\n");
            eventSeen.await(20, TimeUnit.SECONDS);
            wire.send("9\r\ndata: 2\n\n\r\n0\r\n\r\n");
        });
        Wire client = proxy.connect();
        sendRequest(client, "GET", "/events");

        assertThat(client.readHead().one("content-type")).isEqualTo("text/event-stream");
        headSeen.countDown();
        assertThat(client.readChunk()).isEqualTo("data: 1\n\n");
        eventSeen.countDown();
        assertThat(client.readChunk()).isEqualTo("data: 2\n\n");
        assertThat(client.readChunk()).isEmpty();
    }

    @Test
    void a_request_s_body_arrives_piece_by_piece_too() throws Exception {
        CountDownLatch firstSeen = new CountDownLatch(1);
        proxy.rawUpstream(wire -> {
            wire.readHead();
            assertThat(wire.readChunk()).isEqualTo("one");
            firstSeen.countDown();
            assertThat(wire.readChunk()).isEqualTo("two");
            assertThat(wire.readChunk()).isEmpty();
            wire.respond(200, "x");
        });
        Wire client = proxy.connect();
        sendRequest(client, "POST", "/", "Transfer-Encoding: chunked");

        client.send("3\r\none\r\n");
        assertThat(firstSeen.await(20, TimeUnit.SECONDS)).isTrue();
        client.send("3\r\ntwo\r\n0\r\n\r\n");

        assertThat(client.readMessage().status()).isEqualTo(200);
    }

    @Test
    void a_response_that_comes_before_the_request_was_sent_whole_arrives_at_once() throws Exception {
        ScriptedUpstream upstream = proxy.rawUpstream(wire -> {
            if (wire.readHead().method().equals("POST")) {
                wire.respond(413, "too much");
                wire.ends();
            } else {
                wire.respond(200, "next");
                wire.ends();
            }
        });
        Wire client = proxy.connect();
        sendRequest(client, "POST", "/", "Content-Length: 100000");
        client.send("only a part of it");

        Message response = client.readMessage();
        assertThat(response.status()).isEqualTo(413);
        assertThat(response.body()).isEqualTo("too much");
        proxy.awaitIdle();

        assertThat(proxy.get("/").body()).isEqualTo("next");
        assertThat(upstream.connections())
                .as("the half used connection was not used again")
                .isEqualTo(2);
    }

    @Test
    void a_client_that_sends_the_rest_after_an_early_response_can_ask_again_on_its_connection() throws Exception {
        proxy.rawUpstream(wire -> {
            String method = wire.readHead().method();
            wire.respond(method.equals("POST") ? 413 : 200, method);
            wire.ends();
        });
        Wire client = proxy.connect();
        sendRequest(client, "POST", "/", "Content-Length: 100000");
        client.send("x".repeat(10));
        assertThat(client.readMessage().status()).isEqualTo(413);

        client.send("x".repeat(99_990));
        sendRequest(client, "GET", "/");

        assertThat(client.readMessage().body()).isEqualTo("GET");
    }

    @Test
    void a_counted_response_that_is_cut_off_is_cut_off_for_the_client() throws Exception {
        proxy.rawUpstream(wire -> {
            wire.readMessage();
            wire.sendHead("HTTP/1.1 200 OK", "Content-Length: 100").send("not all of it");
        });
        Wire client = proxy.connect();
        sendRequest(client, "GET", "/");

        assertThatExceptionOfType(IOException.class).isThrownBy(client::readMessage);
        proxy.awaitIdle();
        assertThat(proxy.upstreams().get(0).failures()).isEqualTo(1);
    }

    @Test
    void a_chunked_response_that_is_cut_off_is_cut_off_for_the_client() throws Exception {
        proxy.rawUpstream(wire -> {
            wire.readMessage();
            wire.sendHead("HTTP/1.1 200 OK", "Transfer-Encoding: chunked").send("3\r\nabc\r\n");
            wire.reset();
        });
        Wire client = proxy.connect();
        sendRequest(client, "GET", "/");

        assertThatExceptionOfType(IOException.class).isThrownBy(client::readMessage);
        proxy.awaitIdle();
        assertThat(proxy.upstreams().get(0).failures()).isEqualTo(1);
    }

    @Test
    void a_response_with_a_broken_chunk_is_cut_off_for_the_client() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        proxy.rawUpstream(wire -> {
            wire.readMessage();
            wire.sendHead("HTTP/1.1 200 OK", "Transfer-Encoding: chunked").send("3\r\nabc\r\n");
            begun.await();
            wire.send("xyz\r\n");
            wire.ends();
        });
        Wire client = proxy.connect();
        sendRequest(client, "GET", "/");
        assertThat(client.readHead().status()).isEqualTo(200);
        assertThat(client.readChunk()).isEqualTo("abc");
        begun.countDown();

        assertThatExceptionOfType(IOException.class).isThrownBy(client::readChunk);
    }

    @Test
    void a_client_that_leaves_before_the_response_ends_the_upstream_s_request() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch cancelled = new CountDownLatch(1);
        proxy.rawUpstream(wire -> {
            wire.readMessage();
            asked.countDown();
            if (wire.ends()) {
                cancelled.countDown();
            }
        });
        Wire client = proxy.connect();
        sendRequest(client, "GET", "/slow");
        assertThat(asked.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(proxy.upstreams().get(0).inFlight()).isEqualTo(1);

        client.close();

        assertThat(cancelled.await(20, TimeUnit.SECONDS)).isTrue();
        proxy.awaitIdle();
        assertThat(proxy.upstreams().get(0).failures())
                .as("that says nothing against the upstream")
                .isZero();
    }

    @Test
    void a_client_that_leaves_in_mid_response_ends_the_upstream_s_request() throws Exception {
        CountDownLatch cancelled = new CountDownLatch(1);
        proxy.rawUpstream(wire -> {
            wire.readMessage();
            wire.sendHead("HTTP/1.1 200 OK", "Transfer-Encoding: chunked").send("3\r\nabc\r\n");
            if (wire.ends()) {
                cancelled.countDown();
            }
        });
        Wire client = proxy.connect();
        sendRequest(client, "GET", "/events");
        client.readHead();
        assertThat(client.readChunk()).isEqualTo("abc");

        client.reset();

        assertThat(cancelled.await(20, TimeUnit.SECONDS)).isTrue();
        proxy.awaitIdle();
        assertThat(proxy.upstreams().get(0).failures()).isZero();
    }

    @Test
    void a_client_that_leaves_in_mid_request_ends_the_upstream_s_request() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch cancelled = new CountDownLatch(1);
        proxy.rawUpstream(wire -> {
            wire.readHead();
            wire.read(4);
            begun.countDown();
            if (wire.ends()) {
                cancelled.countDown();
            }
        });
        Wire client = proxy.connect();
        sendRequest(client, "POST", "/", "Content-Length: 100");
        client.send("data");
        assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();

        client.close();

        assertThat(cancelled.await(20, TimeUnit.SECONDS)).isTrue();
    }

    private static void sendHugeBody(Wire wire, AtomicLong sent) throws IOException {
        byte[] piece = new byte[PIECE];
        while (sent.get() < HUGE) {
            wire.send(piece);
            sent.addAndGet(PIECE);
        }
    }

    /** Waits until something flowed and then nothing for a while. */
    private static void awaitStandstill(AtomicLong sent) {
        AtomicLong before = new AtomicLong(-1);
        await().atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(300))
                .until(() -> sent.get() > 0 && before.getAndSet(sent.get()) == sent.get());
    }

    private static Message readMessage(Wire wire) {
        try {
            return wire.readMessage();
        } catch (IOException failed) {
            throw new AssertionError(failed);
        }
    }
}
