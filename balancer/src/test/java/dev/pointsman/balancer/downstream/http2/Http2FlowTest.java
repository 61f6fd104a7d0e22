package dev.pointsman.balancer.downstream.http2;

import static dev.pointsman.balancer.testkit.Http2Wire.GOAWAY;
import static dev.pointsman.balancer.testkit.Http2Wire.PING;
import static dev.pointsman.balancer.testkit.Http2Wire.RST_STREAM;
import static dev.pointsman.balancer.testkit.Http2Wire.SETTINGS;
import static dev.pointsman.balancer.testkit.Http2Wire.WINDOW_UPDATE;
import static dev.pointsman.balancer.testkit.Http2Wire.bytes;
import static dev.pointsman.balancer.testkit.Http2Wire.int32;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pointsman.balancer.testkit.Http2Wire;
import dev.pointsman.balancer.testkit.TestProxy;
import io.netty.handler.codec.http2.Http2Error;
import io.vertx.core.Future;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The pace of streams, and the end of connections. */
class Http2FlowTest {
    private static final int LARGE = 3_000_000;

    @RegisterExtension
    private final TestProxy proxy = new TestProxy("idle-timeout=1s", "response-timeout=900ms", "head-timeout=500ms");

    @Test
    void a_stream_whose_window_is_closed_does_not_stop_the_others() throws Exception {
        proxy.upstream((request, wire) ->
                wire.respond(200, "x".repeat(request.head().uri().equals("/large") ? LARGE : 9)));
        try (Http2Wire client = Http2Wire.to(proxy.port())) {
            client.frame(SETTINGS, 0, 0, bytes(0, 4, 0, 0, 0, 0))
                    .get(1, "/large")
                    .get(3, "/");
            client.frame(WINDOW_UPDATE, 0, 3, int32(9));
            assertThat(client.response(3).body()).hasSize(9);

            client.frame(WINDOW_UPDATE, 0, 0, int32(LARGE)).frame(WINDOW_UPDATE, 0, 1, int32(LARGE));
            assertThat(client.response(1).body()).hasSize(LARGE);
        }
    }

    @Test
    void a_window_that_stays_closed_is_waited_for_until_the_idle_timeout() throws Exception {
        proxy.upstream((request, wire) -> wire.respond(200, "x".repeat(LARGE)));
        try (Http2Wire client = Http2Wire.to(proxy.port())) {
            client.get(1, "/");
            // By the instance's silence or by ours, whichever is noticed first.
            assertThat(client.resetOf(1)).isIn((int) Http2Error.CANCEL.code(), (int) Http2Error.INTERNAL_ERROR.code());
        }
    }

    @Test
    void a_body_that_its_instance_does_not_take_is_held_by_the_window_and_the_others_go_on() throws Exception {
        CountDownLatch mayRead = new CountDownLatch(1);
        proxy.rawUpstream(wire -> {
            if (wire.readHead().uri().equals("/slow")) {
                mayRead.await(5, TimeUnit.SECONDS);
            }
            wire.respond(200, "ok");
        });
        try (Http2Wire client = Http2Wire.to(proxy.port())) {
            client.post(1, "/slow").data(1, "x".repeat(16384), false).data(1, "x".repeat(16384), false);
            assertThat(client.get(3, "/").response(3).body()).isEqualTo("ok");
            mayRead.countDown();
            assertThat(client.data(1, "", true).response(1).body()).isEqualTo("ok");
        }
    }

    @Test
    void a_large_body_goes_on_as_windows_are_given_back() throws Exception {
        proxy.upstream((request, wire) ->
                wire.respond(200, Integer.toString(request.body().length())));
        try (Http2Wire client = Http2Wire.to(proxy.port())) {
            client.post(1, "/");
            int window = 65535;
            int left = LARGE;
            while (left > 0) {
                int piece = Math.min(Math.min(left, 16384), window);
                if (piece > 0) {
                    client.data(1, "x".repeat(piece), left == piece);
                    left -= piece;
                    window -= piece;
                } else {
                    window += client.skipTo(frame -> frame.type() == WINDOW_UPDATE && frame.stream() == 1)
                            .number(0);
                }
            }
            assertThat(client.response(1).body()).isEqualTo(Integer.toString(LARGE));
        }
    }

    @Test
    void the_window_of_an_upload_grows_while_its_instance_keeps_pace() throws Exception {
        proxy.upstream((request, wire) ->
                wire.respond(200, Integer.toString(request.body().length())));
        try (Http2Wire client = Http2Wire.to(proxy.port())) {
            Sender sender = new Sender(client);
            client.post(1, "/");
            int widest = 0;
            while (widest < 1 << 20) {
                int window = sender.windowOf(1);
                assertThat(sender.sent).as("sent, with a window of %s", widest).isLessThan(20_000_000);
                widest = Math.max(widest, window);
                sender.sendAll(1, Math.max(1, window / 2));
            }
            client.data(1, "", true);
            assertThat(client.response(1).body()).isEqualTo(Integer.toString(sender.sent));
        }
    }

    @Test
    void what_slow_requests_hold_is_bounded_over_all_of_a_connection_and_is_let_go_with_them() throws Exception {
        CountDownLatch done = new CountDownLatch(1);
        proxy.rawUpstream(wire -> {
            if (wire.readHead().uri().equals("/")) {
                wire.respond(200, "ok");
            } else {
                done.await(5, TimeUnit.SECONDS);
            }
        });
        try (Http2Wire client = Http2Wire.to(proxy.port())) {
            Sender sender = new Sender(client);
            for (int stream = 1; stream < 80; stream += 2) {
                client.webSocket(stream);
                sender.sendAll(stream, 1 << 20);
            }
            assertThat(sender.sent).isBetween(1 << 20, (1 << 20) + (256 << 10) + 16384);
            assertThat(sender.windowOf(0)).isZero();
            assertThat(client.get(81, "/").response(81).body()).isEqualTo("ok");

            for (int stream = 1; stream < 80; stream += 2) {
                client.frame(RST_STREAM, 0, stream, int32(8));
            }
            assertThat(sender.windowOf(0)).isGreaterThanOrEqualTo(1 << 19);
            done.countDown();
        }
    }

    /** A client's sending, within the windows that it was given. */
    private static final class Sender {
        private final Http2Wire client;
        private final Map<Integer, Integer> windows = new HashMap<>(Map.of(0, 65535));
        private int sent;

        Sender(Http2Wire client) {
            this.client = client;
        }

        /** The window of a stream, or of the connection, by all that the other side has said. */
        int windowOf(int stream) throws IOException {
            client.frame(PING, 0, 0, "12345678");
            Http2Wire.Frame answer = client.skipTo(frame -> {
                if (frame.type() == WINDOW_UPDATE) {
                    windows.merge(frame.stream(), frame.number(0), (a, b) -> a + b);
                }
                return frame.type() == PING;
            });
            assertThat(answer.type()).as("the answer to a PING").isEqualTo(PING);
            return windows.getOrDefault(stream, 65536);
        }

        /** Sends so much, or as much as there are windows for. */
        void sendAll(int stream, int most) throws IOException {
            windows.putIfAbsent(stream, 65536);
            int left = most;
            int piece = 1;
            while (left > 0 && piece > 0) {
                int window = windowOf(stream);
                piece = Math.min(Math.min(left, 16384), Math.min(window, windowOf(0)));
                if (piece > 0) {
                    client.data(stream, "x".repeat(piece), false);
                    windows.merge(stream, -piece, (a, b) -> a + b);
                    windows.merge(0, -piece, (a, b) -> a + b);
                    sent += piece;
                    left -= piece;
                }
            }
        }
    }

    @Test
    void a_window_that_is_opened_byte_by_byte_does_not_keep_a_response() throws Exception {
        proxy.upstream((request, wire) -> wire.respond(200, "x".repeat(LARGE)));
        try (Http2Wire client = Http2Wire.to(proxy.port())) {
            client.frame(SETTINGS, 0, 0, bytes(0, 4, 0, 0, 0, 1)).get(1, "/");
            CompletableFuture<Integer> end = CompletableFuture.supplyAsync(() -> {
                try {
                    return client.resetOf(1);
                } catch (IOException broken) {
                    throw new UncheckedIOException(broken);
                }
            });
            await().pollInterval(Duration.ofMillis(100)).until(() -> {
                client.frame(WINDOW_UPDATE, 0, 1, int32(1));
                return end.isDone();
            });
            assertThat(end.get()).isIn((int) Http2Error.CANCEL.code(), (int) Http2Error.INTERNAL_ERROR.code());
        }
    }

    @Test
    void settings_that_are_never_acknowledged_end_the_connection() throws Exception {
        try (Http2Wire client = Http2Wire.unacknowledged(proxy.port())) {
            assertThat(client.goAway()).isEqualTo((int) Http2Error.SETTINGS_TIMEOUT.code());
        }
    }

    @Test
    void a_head_that_does_not_end_and_a_connection_without_requests_are_closed_in_time() throws Exception {
        try (Http2Wire unfinished = Http2Wire.to(proxy.port());
                Http2Wire idle = Http2Wire.to(proxy.port())) {
            unfinished.frame(Http2Wire.HEADERS, 1, 1, "");
            assertThat(unfinished.goAway()).isZero();
            assertThat(idle.goAway()).isZero();
        }
    }

    @Test
    void a_drain_sends_the_last_response_whole_to_a_client_that_reads_slowly() throws Exception {
        proxy.upstream((request, wire) -> wire.respond(200, "x".repeat(10 * LARGE)));
        try (Http2Wire client = Http2Wire.to(proxy.port())) {
            client.frame(SETTINGS, 0, 0, bytes(0, 4, 0x7f, 255, 255, 255))
                    .frame(WINDOW_UPDATE, 0, 0, int32(20 * LARGE));
            Future<Void> stopping = proxy.stopping();
            Http2Wire.Frame ping = client.skipTo(frame -> frame.type() == PING && frame.flags() == 0);
            client.get(1, "/").frame(PING, Http2Wire.ACK, 0, ping.payload());

            Http2Wire.Response response = client.response(1);
            assertThat(response.body()).hasSize(10 * LARGE);
            assertThat(response.end()).isEqualTo("end");
            stopping.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void uploads_that_are_refused_early_are_no_flood_for_what_was_under_way() throws Exception {
        proxy.rawUpstream(wire -> {
            wire.readHead();
            wire.respond(413, "no");
        });
        try (Http2Wire client = Http2Wire.to(proxy.port())) {
            for (int stream = 1; stream < 14; stream += 2) {
                client.post(stream, "/");
                assertThat(client.response(stream).status()).isEqualTo("413");
                assertThat(client.resetOf(stream)).isEqualTo((int) Http2Error.NO_ERROR.code());
                for (int i = 0; i < 60; i++) {
                    client.data(stream, "x".repeat(1000), false);
                }
                client.headers(stream, true, "x-sum", "1");
            }
            client.frame(PING, 0, 0, "12345678");
            assertThat(client.skipTo(frame -> frame.type() != WINDOW_UPDATE).type())
                    .isEqualTo(PING);
        }
    }

    @Test
    void a_drain_says_goodbye_twice_and_serves_what_came_between() throws Exception {
        proxy.upstream((request, wire) -> wire.respond(200, "ok"));
        try (Http2Wire client = Http2Wire.to(proxy.port())) {
            assertThat(client.get(1, "/").response(1).body()).isEqualTo("ok");
            Future<Void> stopping = proxy.stopping();

            assertThat(client.skipTo(frame -> frame.type() == GOAWAY).payload())
                    .isEqualTo(int32(Integer.MAX_VALUE) + int32(0));
            Http2Wire.Frame ping = client.skipTo(frame -> frame.type() == PING);
            client.get(3, "/").frame(PING, Http2Wire.ACK, 0, ping.payload());
            assertThat(client.skipTo(frame -> frame.type() == GOAWAY).payload()).isEqualTo(int32(3) + int32(0));
            assertThat(client.response(3).body()).isEqualTo("ok");
            assertThat(client.next().type()).isEqualTo(-1);
            stopping.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
        }
    }
}
