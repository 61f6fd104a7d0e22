package dev.pointsman.balancer.downstream.http2;

import static dev.pointsman.balancer.testkit.Http2Wire.ACK;
import static dev.pointsman.balancer.testkit.Http2Wire.CONTINUATION;
import static dev.pointsman.balancer.testkit.Http2Wire.DATA;
import static dev.pointsman.balancer.testkit.Http2Wire.END_HEADERS;
import static dev.pointsman.balancer.testkit.Http2Wire.END_STREAM;
import static dev.pointsman.balancer.testkit.Http2Wire.HEADERS;
import static dev.pointsman.balancer.testkit.Http2Wire.PING;
import static dev.pointsman.balancer.testkit.Http2Wire.PRIORITY;
import static dev.pointsman.balancer.testkit.Http2Wire.RST_STREAM;
import static dev.pointsman.balancer.testkit.Http2Wire.SETTINGS;
import static dev.pointsman.balancer.testkit.Http2Wire.WINDOW_UPDATE;
import static dev.pointsman.balancer.testkit.Http2Wire.bytes;
import static dev.pointsman.balancer.testkit.Http2Wire.int32;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pointsman.balancer.testkit.Http2Wire;
import dev.pointsman.balancer.testkit.TestBalancer;
import io.netty.handler.codec.http2.Http2Error;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;

/** Clients that ask for what costs us more than them. */
class Http2FloodsTest {
    @RegisterExtension
    private final TestBalancer balancer = new TestBalancer();

    /** A step of a flood. */
    private interface Step {
        void take(Http2Wire client, int stream) throws Exception;
    }

    /** A frame that comes too late. */
    private interface Late {
        void send(Http2Wire client) throws Exception;
    }

    static final List<Arguments> FLOODS = List.of(
            flood("rapid-reset", 300, (client, stream) -> client.get(stream, "/hang")
                    .frame(RST_STREAM, 0, stream, int32(8))),
            flood("made-reset", 300, (client, stream) -> client.get(stream, "/", "connection", "close")),
            flood("made-reset", 300, (client, stream) -> client.get(stream, "/hang")
                    .frame(WINDOW_UPDATE, 0, stream, int32(0))),
            flood("made-reset", 300, (client, stream) -> client.get(stream, "/hang")
                    .frame(WINDOW_UPDATE, 0, stream, int32(Integer.MAX_VALUE))),
            flood("made-reset", 300, (client, stream) -> client.get(stream, "/hang")
                    .frame(DATA, 0, stream, "x")),
            flood("made-reset", 300, (client, stream) -> client.post(stream, "/hang", "content-length", "1")
                    .data(stream, "xy", false)),
            flood("late-frame", 3300, (client, stream) -> {
                if (stream == 1) {
                    client.get(1, "/");
                }
                client.frame(RST_STREAM, 0, 1, int32(8));
            }),
            flood("late-frame", 3300, afterReset(client -> client.frame(DATA, 0, 1, ""))),
            flood("late-frame", 3300, afterReset(client -> client.frame(DATA, 0, 1, "x"))),
            flood("late-frame", 3300, afterReset(client -> client.frame(HEADERS, END_STREAM | END_HEADERS, 1, ""))),
            flood("late-frame", 3300, (client, stream) -> {
                if (stream == 1) {
                    client.post(1, "/early", "connection", "close");
                }
                client.frame(HEADERS, END_HEADERS, 1, "");
            }),
            flood("settings", 100, (client, stream) -> client.frame(SETTINGS, 0, 0, "")),
            flood("settings", 100, (client, stream) -> client.frame(SETTINGS, ACK, 0, "")),
            flood("ping", 600, (client, stream) -> client.frame(PING, ACK, 0, "12345678")),
            flood("ping", 600, (client, stream) -> client.frame(PING, 0, 0, "12345678")),
            flood("priority", 600, (client, stream) -> client.frame(PRIORITY, 0, stream, bytes(0, 0, 0, 0, 1))),
            flood("empty-data", 200, (client, stream) -> {
                if (stream == 1) {
                    client.post(1, "/");
                }
                client.frame(DATA, 0, 1, "");
            }),
            flood(
                    "continuation",
                    50,
                    (client, stream) ->
                            client.frame(stream == 1 ? HEADERS : CONTINUATION, stream == 1 ? END_STREAM : 0, 1, "")),
            flood("window", 1200, (client, stream) -> client.frame(WINDOW_UPDATE, 0, 0, int32(1))),
            flood("unknown-frame", 300, (client, stream) -> client.frame(0xbe, 0, 0, "x")));

    /** The same frame over and over, behind a request that the client has reset. */
    private static Step afterReset(Late frame) {
        return (client, stream) -> {
            if (stream == 1) {
                client.post(1, "/hang").frame(RST_STREAM, 0, 1, int32(8));
            }
            frame.send(client);
        };
    }

    private static Arguments flood(String reason, int times, Step step) {
        return Arguments.of(reason, times, step);
    }

    @ParameterizedTest(name = "{0}")
    @FieldSource("FLOODS")
    void a_flood_ends_its_connection_is_counted_and_harms_nobody_else(String reason, int times, Step step)
            throws Exception {
        balancer.instance("one", (request, wire) -> {
            if (request.head().uri().equals("/hang")) {
                wire.ends();
            } else {
                wire.respond(200, "ok");
            }
        });
        balancer.start();
        int port = balancer.ports().get(0);
        try (Http2Wire good = Http2Wire.to(port);
                Http2Wire bad = Http2Wire.to(port)) {
            await().untilAsserted(() ->
                    assertThat(balancer.client().get("/").status()).isEqualTo(200));
            for (int i = 0; i < times; i++) {
                step.take(bad, 1 + 2 * i);
            }

            assertThat(bad.goAway()).isEqualTo((int) Http2Error.ENHANCE_YOUR_CALM.code());
            assertThat(good.get(1, "/").response(1).body()).isEqualTo("ok");
        }
        assertThat(balancer.admin().get("/metrics").body())
                .contains("pointsman_http2_abuses_total{reason=\"" + reason + "\"} 1");
    }

    @Test
    void a_small_block_that_decodes_to_a_huge_one_is_too_large_and_not_kept() throws Exception {
        balancer.start("max-head=8k");
        try (Http2Wire client = Http2Wire.to(balancer.ports().get(0))) {
            String entry = bytes(0x40, 1) + "x" + bytes(0x7f, 0xa1, 0x1e) + "y".repeat(4000);
            client.frame(HEADERS, 5, 1, entry + bytes(0xbe).repeat(100));

            assertThat(client.response(1).status()).isEqualTo("431");
        }
        assertThat(balancer.admin().get("/metrics").body())
                .contains("pointsman_http2_abuses_total{reason=\"head-too-large\"} 1");
    }
}
