package dev.pointsman.balancer.proxy;

import static dev.pointsman.balancer.testkit.Http2Wire.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.balancer.testkit.Http2Wire;
import dev.pointsman.balancer.testkit.Message;
import dev.pointsman.balancer.testkit.TestProxy;
import dev.pointsman.balancer.testkit.Wire;
import java.io.IOException;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Field sections of responses, byte by byte: what Netty's own server would put in order (RFC 9113, 8.3). */
class Http2ResponseHeadsTest {
    private static final int PREFACE = 24;

    @RegisterExtension
    private final TestProxy proxy = new TestProxy("response-timeout=1s", "route=/=svc;proto=h2c");

    /** A field as HPACK has it without a table (RFC 7541, 6.2.2). */
    private static String field(String name, String value) {
        return bytes(0, name.length()) + name + bytes(value.length()) + value;
    }

    private static String headers(int stream, int flags, String block) {
        return Http2Wire.frameBytes(Http2Wire.HEADERS, Http2Wire.END_HEADERS | flags, stream, block);
    }

    /** Reads the request's head, and gives its stream. */
    private static int awaitRequest(Wire wire) throws IOException {
        wire.send(Http2Wire.frameBytes(Http2Wire.SETTINGS, 0, 0, ""));
        wire.read(PREFACE);
        while (true) {
            String head = wire.read(9);
            wire.read(head.charAt(0) << 16 | head.charAt(1) << 8 | head.charAt(2));
            if (head.charAt(3) == Http2Wire.HEADERS) {
                return head.charAt(7) << 8 | head.charAt(8);
            }
        }
    }

    private void respondsWith(IntFunction<String> frames) throws Exception {
        proxy.rawUpstream(wire -> {
            int stream = awaitRequest(wire);
            wire.send(frames.apply(stream));
            wire.readToEnd();
        });
    }

    @Test
    void a_head_in_order_is_a_response() throws Exception {
        respondsWith(stream -> headers(stream, Http2Wire.END_STREAM, field(":status", "204") + field("x-a", "1")));

        assertThat(proxy.get("/").status()).isEqualTo(204);
    }

    static Stream<String> disordered() {
        return Stream.of(
                field("x-a", "1") + field(":status", "200"),
                field(":status", "200") + field("x-a", "1") + field(":status", "200"),
                field(":status", "200") + field(":status", "200"),
                field(":status", "200") + field("x-a", "1") + field(":path", "/"),
                field(":path", "/") + field(":status", "200"),
                field(":status", "200") + field(":unheard", "1"),
                field("x-a", "1"));
    }

    @ParameterizedTest
    @MethodSource("disordered")
    void a_pseudo_field_behind_another_field_or_too_many_makes_the_response_a_bad_one(String block) throws Exception {
        respondsWith(stream -> headers(stream, Http2Wire.END_STREAM, block));

        Message response = proxy.get("/", "Accept: application/json");

        assertThat(response.status()).isEqualTo(502);
        assertThat(response.body()).contains("\"bad-response\"");
    }

    @Test
    void a_pseudo_field_in_the_trailers_breaks_the_response_off() throws Exception {
        respondsWith(stream -> headers(stream, 0, field(":status", "200"))
                + Http2Wire.frameBytes(Http2Wire.DATA, 0, stream, "part")
                + headers(stream, Http2Wire.END_STREAM, field("x-a", "1") + field(":status", "200")));
        try (Http2Wire client = Http2Wire.to(proxy.port())) {
            Http2Wire.Response response = client.get(1, "/").response(1);

            // All of it may have come before its head went on.
            assertThat(response.status().equals("502") || response.end().startsWith("reset"))
                    .isTrue();
        }
    }
}
