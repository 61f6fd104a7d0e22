package dev.pointsman.balancer.downstream.http2;

import static dev.pointsman.balancer.testkit.Http2Wire.GOAWAY;
import static dev.pointsman.balancer.testkit.Http2Wire.PING;
import static dev.pointsman.balancer.testkit.Http2Wire.SETTINGS;
import static dev.pointsman.balancer.testkit.Http2Wire.WINDOW_UPDATE;
import static dev.pointsman.balancer.testkit.Http2Wire.bytes;
import static dev.pointsman.balancer.testkit.Http2Wire.int32;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.balancer.testkit.Http2Wire;
import dev.pointsman.balancer.testkit.TestProxy;
import io.netty.handler.codec.http2.Http2Error;
import io.vertx.core.Future;
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
    void a_head_that_does_not_end_and_a_connection_without_requests_are_closed_in_time() throws Exception {
        try (Http2Wire unfinished = Http2Wire.to(proxy.port());
                Http2Wire idle = Http2Wire.to(proxy.port())) {
            unfinished.frame(Http2Wire.HEADERS, 1, 1, "");
            assertThat(unfinished.goAway()).isZero();
            assertThat(idle.goAway()).isZero();
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
