package dev.pointsman.balancer.downstream.http2;

import static dev.pointsman.balancer.testkit.Http2Wire.CONTINUATION;
import static dev.pointsman.balancer.testkit.Http2Wire.DATA;
import static dev.pointsman.balancer.testkit.Http2Wire.END_STREAM;
import static dev.pointsman.balancer.testkit.Http2Wire.GOAWAY;
import static dev.pointsman.balancer.testkit.Http2Wire.HEADERS;
import static dev.pointsman.balancer.testkit.Http2Wire.PING;
import static dev.pointsman.balancer.testkit.Http2Wire.PRIORITY;
import static dev.pointsman.balancer.testkit.Http2Wire.PUSH_PROMISE;
import static dev.pointsman.balancer.testkit.Http2Wire.RST_STREAM;
import static dev.pointsman.balancer.testkit.Http2Wire.SETTINGS;
import static dev.pointsman.balancer.testkit.Http2Wire.WINDOW_UPDATE;
import static dev.pointsman.balancer.testkit.Http2Wire.bytes;
import static dev.pointsman.balancer.testkit.Http2Wire.frameBytes;
import static dev.pointsman.balancer.testkit.Http2Wire.int32;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.balancer.resilience.FailureKind;
import dev.pointsman.balancer.testkit.Http2Wire;
import dev.pointsman.balancer.testkit.NotedRequests;
import dev.pointsman.balancer.testkit.ScriptedUpstream;
import dev.pointsman.balancer.testkit.TestProxy;
import io.netty.handler.codec.http2.Http2Error;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;

/** What RFC 9113 wants of a server that gets something wrong. */
class Http2RulesTest {
    private final NotedRequests noted = new NotedRequests();

    @RegisterExtension
    private final TestProxy proxy = new TestProxy("max-head=8k").observedBy(noted);

    static final List<Arguments> CONNECTION_ERRORS = List.of(
            error("4.2 a frame larger than allowed", Http2Error.FRAME_SIZE_ERROR, DATA, 0, 1, "x".repeat(16385)),
            error(
                    "4.3 a field block that cannot be decoded",
                    Http2Error.COMPRESSION_ERROR,
                    HEADERS,
                    5,
                    1,
                    bytes(255, 255, 255, 255, 255, 255)),
            error("5.1 DATA on an idle stream", Http2Error.PROTOCOL_ERROR, DATA, 0, 1, "x"),
            error("5.1 RST_STREAM on an idle stream", Http2Error.PROTOCOL_ERROR, RST_STREAM, 0, 1, int32(8)),
            error("5.1 WINDOW_UPDATE on an idle stream", Http2Error.PROTOCOL_ERROR, WINDOW_UPDATE, 0, 1, int32(8)),
            error("5.1.1 an even stream", Http2Error.PROTOCOL_ERROR, HEADERS, 5, 2, ""),
            error("5.1 CONTINUATION on an idle stream", Http2Error.PROTOCOL_ERROR, CONTINUATION, 4, 1, "x"),
            error("6.1 DATA on stream 0", Http2Error.PROTOCOL_ERROR, DATA, 0, 0, "x"),
            error("6.2 HEADERS on stream 0", Http2Error.PROTOCOL_ERROR, HEADERS, 5, 0, ""),
            error("6.2 padding longer than the frame", Http2Error.PROTOCOL_ERROR, HEADERS, 0xd, 1, bytes(9, 1)),
            error("6.2 HEADERS without room for its padding", Http2Error.FRAME_SIZE_ERROR, HEADERS, 0xd, 1, ""),
            error("6.2 HEADERS without room for its priority", Http2Error.FRAME_SIZE_ERROR, HEADERS, 0x25, 1, "abc"),
            error("6.3 PRIORITY on stream 0", Http2Error.PROTOCOL_ERROR, PRIORITY, 0, 0, bytes(0, 0, 0, 0, 0)),
            error("6.4 RST_STREAM on stream 0", Http2Error.PROTOCOL_ERROR, RST_STREAM, 0, 0, int32(8)),
            error("6.4 RST_STREAM of another size", Http2Error.FRAME_SIZE_ERROR, RST_STREAM, 0, 1, "abc"),
            error("6.5 SETTINGS on a stream", Http2Error.PROTOCOL_ERROR, SETTINGS, 0, 1, ""),
            error("6.5 SETTINGS of another size", Http2Error.FRAME_SIZE_ERROR, SETTINGS, 0, 0, "abc"),
            error("6.5 an ACK with a payload", Http2Error.FRAME_SIZE_ERROR, SETTINGS, 1, 0, bytes(0, 3, 0, 0, 0, 1)),
            error("6.5.2 ENABLE_PUSH of 2", Http2Error.PROTOCOL_ERROR, SETTINGS, 0, 0, bytes(0, 2, 0, 0, 0, 2)),
            error("6.5.2 too large a window", Http2Error.FLOW_CONTROL_ERROR, SETTINGS, 0, 0, bytes(0, 4, 128, 0, 0, 0)),
            error("6.5.2 too large a frame size", Http2Error.PROTOCOL_ERROR, SETTINGS, 0, 0, bytes(0, 5, 1, 0, 0, 0)),
            error(
                    "RFC 8441, 3: ENABLE_CONNECT_PROTOCOL of 2",
                    Http2Error.PROTOCOL_ERROR,
                    SETTINGS,
                    0,
                    0,
                    bytes(0, 8, 0, 0, 0, 2)),
            error("6.5.2 too small a frame size", Http2Error.PROTOCOL_ERROR, SETTINGS, 0, 0, bytes(0, 5, 0, 0, 0, 1)),
            error("6.6 PUSH_PROMISE of a client", Http2Error.PROTOCOL_ERROR, PUSH_PROMISE, 4, 1, int32(2)),
            error("6.7 PING on a stream", Http2Error.PROTOCOL_ERROR, PING, 0, 1, "12345678"),
            error("6.7 PING of another size", Http2Error.FRAME_SIZE_ERROR, PING, 0, 0, "1234567"),
            error("6.8 GOAWAY on a stream", Http2Error.PROTOCOL_ERROR, GOAWAY, 0, 1, int32(0) + int32(0)),
            error("6.9 WINDOW_UPDATE of 0", Http2Error.PROTOCOL_ERROR, WINDOW_UPDATE, 0, 0, int32(0)),
            error("6.9 WINDOW_UPDATE of another size", Http2Error.FRAME_SIZE_ERROR, WINDOW_UPDATE, 0, 0, "abc"),
            error(
                    "6.9.1 a window beyond 2^31-1",
                    Http2Error.FLOW_CONTROL_ERROR,
                    WINDOW_UPDATE,
                    0,
                    0,
                    int32(Integer.MAX_VALUE)),
            error("6.10 CONTINUATION of nothing", Http2Error.PROTOCOL_ERROR, CONTINUATION, 4, 1, ""));

    private static Arguments error(String rule, Http2Error code, int type, int flags, int stream, String payload) {
        return Arguments.of(rule, code, frameBytes(type, flags, stream, payload));
    }

    @ParameterizedTest(name = "{0}")
    @FieldSource("CONNECTION_ERRORS")
    void what_breaks_the_rules_of_a_connection_ends_it(String unusedRule, Http2Error code, String frame)
            throws Exception {
        try (Http2Wire client = Http2Wire.to(proxy.port())) {
            client.raw(frame);

            assertThat(client.goAway()).isEqualTo((int) code.code());
            assertThat(client.skipTo(any -> false).type()).isEqualTo(-1);
        }
    }

    static final List<Arguments> STREAM_ERRORS = List.of(
            stream("6.9 WINDOW_UPDATE of 0", Http2Error.PROTOCOL_ERROR, WINDOW_UPDATE, 0, int32(0)),
            stream("6.9.1 a window beyond 2^31-1", Http2Error.FLOW_CONTROL_ERROR, WINDOW_UPDATE, 0, int32(0x7fffffff)),
            stream("5.1 DATA behind the end", Http2Error.STREAM_CLOSED, DATA, 0, "x"),
            stream("6.3 PRIORITY of another size", Http2Error.FRAME_SIZE_ERROR, PRIORITY, 0, "abcd"));

    private static Arguments stream(String rule, Http2Error code, int type, int flags, String payload) {
        return Arguments.of(rule, code, frameBytes(type, flags, 1, payload));
    }

    /** Of the stream alone, or of the connection, as RFC 9113, 5.4 leaves open. */
    @ParameterizedTest(name = "{0}")
    @FieldSource("STREAM_ERRORS")
    void what_breaks_the_rules_of_a_stream_ends_it(String unusedRule, Http2Error code, String frame) throws Exception {
        proxy.rawUpstream(wire -> wire.ends());
        try (Http2Wire client = Http2Wire.to(proxy.port())) {
            client.get(1, "/").raw(frame);

            Http2Wire.Frame end = client.skipTo(any -> any.type() == RST_STREAM || any.type() == GOAWAY);
            assertThat(end.number(end.type() == RST_STREAM ? 0 : 4)).isEqualTo((int) code.code());
        }
    }

    @Test
    void a_head_behind_the_end_of_its_request_is_an_error() throws Exception {
        proxy.rawUpstream(wire -> wire.ends());
        try (Http2Wire client = Http2Wire.to(proxy.port())) {
            client.get(1, "/").get(1, "/");

            Http2Wire.Frame end = client.skipTo(any -> any.type() == RST_STREAM || any.type() == GOAWAY);
            assertThat(end.number(end.type() == RST_STREAM ? 0 : 4)).isEqualTo((int) Http2Error.STREAM_CLOSED.code());
        }
    }

    @Test
    void a_frame_of_a_body_on_a_stream_that_is_over_ends_the_connection() throws Exception {
        proxy.upstream((request, wire) -> wire.respond(200, "ok"));
        try (Http2Wire client = Http2Wire.to(proxy.port())) {
            assertThat(client.get(1, "/").response(1).body()).isEqualTo("ok");
            client.data(1, "x", true);

            assertThat(client.goAway()).isEqualTo((int) Http2Error.STREAM_CLOSED.code());
        }
    }

    @Test
    void a_frame_on_a_stream_that_its_client_has_reset_is_an_error_of_the_stream() throws Exception {
        proxy.rawUpstream(wire -> wire.ends());
        try (Http2Wire client = Http2Wire.to(proxy.port())) {
            client.post(1, "/").frame(RST_STREAM, 0, 1, int32(8)).data(1, "x", true);

            assertThat(client.resetOf(1)).isEqualTo((int) Http2Error.STREAM_CLOSED.code());
        }
    }

    @Test
    void the_ids_of_streams_only_grow() throws Exception {
        proxy.upstream((request, wire) -> wire.respond(200, "ok"));
        try (Http2Wire client = Http2Wire.to(proxy.port())) {
            assertThat(client.get(5, "/").response(5).body()).isEqualTo("ok");
            client.get(3, "/");

            assertThat(client.goAway()).isEqualTo((int) Http2Error.PROTOCOL_ERROR.code());
        }
    }

    @Test
    void frames_on_a_stream_that_was_over_do_no_harm() throws Exception {
        proxy.upstream((request, wire) -> wire.respond(200, "ok"));
        try (Http2Wire client = Http2Wire.to(proxy.port())) {
            assertThat(client.get(1, "/").response(1).body()).isEqualTo("ok");
            client.frame(WINDOW_UPDATE, 0, 1, int32(9))
                    .frame(RST_STREAM, 0, 1, int32(8))
                    .frame(PRIORITY, 0, 1, bytes(0, 0, 0, 0, 1))
                    .frame(PRIORITY, 0, 7, bytes(0, 0, 0, 0, 1));

            assertThat(client.get(3, "/").response(3).body()).isEqualTo("ok");
        }
    }

    @Test
    void a_padding_is_no_content_and_flags_and_bits_that_are_unknown_are_ignored() throws Exception {
        ScriptedUpstream upstream = proxy.upstream((request, wire) -> wire.respond(200, request.body()));
        try (Http2Wire client = Http2Wire.to(proxy.port())) {
            client.post(1, "/", "content-length", "4")
                    .frame(DATA, 0xf0 | 8, 1, bytes(3) + "da" + "\0\0\0")
                    .frame(DATA, END_STREAM | 8, 1 | 1 << 31, bytes(0) + "ta");

            assertThat(client.response(1).body()).isEqualTo("data");
        }
        assertThat(upstream.onlyRequest().body()).isEqualTo("data");
    }

    @Test
    void a_field_section_may_come_in_several_frames() throws Exception {
        proxy.upstream((request, wire) ->
                wire.respond(200, String.valueOf(request.head().one("x-a"))));
        try (Http2Wire client = Http2Wire.to(proxy.port())) {
            String block =
                    client.block(":method", "GET", ":scheme", "http", ":authority", "a", ":path", "/", "x-a", "whole");
            client.frame(HEADERS, END_STREAM, 1, block.substring(0, 3))
                    .frame(CONTINUATION, 0, 1, "")
                    .frame(CONTINUATION, 0, 1, block.substring(3, 9))
                    .frame(CONTINUATION, 4, 1, block.substring(9));

            assertThat(client.response(1).body()).isEqualTo("whole");
        }
    }

    @Test
    void another_frame_within_a_field_section_ends_the_connection() throws Exception {
        try (Http2Wire client = Http2Wire.to(proxy.port())) {
            client.frame(HEADERS, END_STREAM, 1, "").frame(PING, 0, 0, "12345678");

            assertThat(client.goAway()).isEqualTo((int) Http2Error.PROTOCOL_ERROR.code());
        }
    }

    @Test
    void what_is_not_the_preface_is_a_request_in_http_1() throws Exception {
        try (Http2Wire client = Http2Wire.silent(proxy.port())) {
            client.raw("PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n");

            assertThat(client.raw("").text(12)).startsWith("HTTP/1.1 ");
        }
    }

    @Test
    void the_preface_may_come_byte_by_byte_and_pings_and_settings_are_answered() throws Exception {
        proxy.upstream((request, wire) -> wire.respond(200, "ok"));
        try (Http2Wire client = Http2Wire.silent(proxy.port())) {
            for (char each : "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".toCharArray()) {
                client.raw(String.valueOf(each));
            }
            client.frame(SETTINGS, 0, 0, "")
                    .frame(0xbe, 0, 0, "an unknown frame")
                    .frame(PING, 0, 0, "12345678");
            Http2Wire.Frame first = client.next();
            assertThat(first.type()).isEqualTo(SETTINGS);
            assertThat(first.payload()).contains(bytes(0, 8, 0, 0, 0, 1));
            assertThat(client.skipTo(frame -> frame.type() == SETTINGS).flags()).isEqualTo(1);
            assertThat(client.skipTo(frame -> frame.type() == PING).payload()).isEqualTo("12345678");
            assertThat(client.get(1, "/").response(1).body()).isEqualTo("ok");
        }
    }

    static final List<Arguments> MALFORMED = Stream.of(
                    head("no method", ":scheme", "http", ":authority", "a", ":path", "/"),
                    head("no scheme", ":method", "GET", ":authority", "a", ":path", "/"),
                    head("no path", ":method", "GET", ":scheme", "http", ":authority", "a"),
                    head("an empty path", ":method", "GET", ":scheme", "http", ":authority", "a", ":path", ""),
                    head("a path without slash", ":method", "GET", ":scheme", "http", ":authority", "a", ":path", "x"),
                    head(
                            "a space in the path",
                            ":method",
                            "GET",
                            ":scheme",
                            "http",
                            ":authority",
                            "a",
                            ":path",
                            "/ HTTP/1.1"),
                    head(
                            "a line end in the path",
                            ":method",
                            "GET",
                            ":scheme",
                            "http",
                            ":authority",
                            "a",
                            ":path",
                            "/\r\nX: y"),
                    head("an asterisk for GET", ":method", "GET", ":scheme", "http", ":authority", "a", ":path", "*"),
                    head(
                            "a method of two words",
                            ":method",
                            "GET /a",
                            ":scheme",
                            "http",
                            ":authority",
                            "a",
                            ":path",
                            "/"),
                    head(
                            "a line end in the authority",
                            ":method",
                            "GET",
                            ":scheme",
                            "http",
                            ":authority",
                            "a\r\nX: y",
                            ":path",
                            "/"),
                    head("another scheme", ":method", "GET", ":scheme", "ftp", ":authority", "a", ":path", "/"),
                    head(
                            "a pseudo field twice",
                            ":method",
                            "GET",
                            ":method",
                            "GET",
                            ":scheme",
                            "http",
                            ":authority",
                            "a",
                            ":path",
                            "/"),
                    head(
                            "an unknown pseudo field",
                            ":method",
                            "GET",
                            ":scheme",
                            "http",
                            ":authority",
                            "a",
                            ":path",
                            "/",
                            ":x",
                            "y"),
                    head(
                            "a response's pseudo field",
                            ":method",
                            "GET",
                            ":scheme",
                            "http",
                            ":authority",
                            "a",
                            ":path",
                            "/",
                            ":status",
                            "200"),
                    head(
                            "a pseudo field behind others",
                            ":method",
                            "GET",
                            ":scheme",
                            "http",
                            ":authority",
                            "a",
                            "x",
                            "y",
                            ":path",
                            "/"),
                    head(
                            "a protocol without CONNECT",
                            ":method",
                            "GET",
                            ":protocol",
                            "websocket",
                            ":scheme",
                            "http",
                            ":authority",
                            "a",
                            ":path",
                            "/"),
                    head("a CONNECT with a path", ":method", "CONNECT", ":authority", "a:1", ":path", "/"),
                    usual("a capital in a name", "X-a", "y"),
                    usual("an empty name", "", "y"),
                    usual("a space in a name", "x a", "y"),
                    usual("a colon in a name", "x:a", "y"),
                    usual("CR in a value", "x", "a\rb"),
                    usual("LF in a value", "x", "a\nb: c"),
                    usual("NUL in a value", "x", "a\0b"),
                    usual("a space before a value", "x", " a"),
                    usual("a space behind a value", "x", "a "),
                    usual("a tab before a value", "x", "\ta"),
                    usual("a tab behind a value", "x", "a\t"),
                    usual("Connection", "connection", "close"),
                    usual("Keep-Alive", "keep-alive", "5"),
                    usual("Proxy-Connection", "proxy-connection", "close"),
                    usual("Transfer-Encoding", "transfer-encoding", "chunked"),
                    usual("Upgrade", "upgrade", "websocket"),
                    usual("another TE than trailers", "te", "gzip"),
                    usual("another Host", "host", "b"),
                    usual("a Host twice", "host", "a", "host", "a"),
                    usual("two lengths", "content-length", "0", "content-length", "1"),
                    usual("a length that is none", "content-length", "+1"),
                    usual("a length without content", "content-length", "1"))
            .toList();

    private static Arguments head(String flaw, String... fields) {
        return Arguments.of(flaw, List.of(fields));
    }

    private static Arguments usual(String flaw, String... fields) {
        return Arguments.of(
                flaw,
                Stream.concat(
                                Stream.of(":method", "GET", ":scheme", "http", ":authority", "a", ":path", "/"),
                                Stream.of(fields))
                        .toList());
    }

    @ParameterizedTest(name = "{0}")
    @FieldSource("MALFORMED")
    void a_malformed_request_is_reset_reaches_no_instance_and_harms_no_other(String unusedFlaw, List<String> fields)
            throws Exception {
        ScriptedUpstream upstream = proxy.upstream((request, wire) -> wire.respond(200, "ok"));
        try (Http2Wire client = Http2Wire.to(proxy.port())) {
            client.headers(1, true, fields.toArray(new String[0]));
            assertThat(client.resetOf(1)).isEqualTo((int) Http2Error.PROTOCOL_ERROR.code());
            assertThat(client.get(3, "/other").response(3).body()).isEqualTo("ok");
        }
        assertThat(upstream.onlyRequest().head().uri()).isEqualTo("/other");
    }

    static final List<Arguments> BAD_ENDS = List.of(
            head("a pseudo field in trailers", ":path", "/"),
            head("a capital in trailers", "X-a", "b"),
            head("a tab behind a trailer", "x", "a\t"),
            head("Transfer-Encoding in trailers", "transfer-encoding", "chunked"));

    @ParameterizedTest(name = "{0}")
    @FieldSource("BAD_ENDS")
    void trailers_are_checked_by_the_same_rules(String unusedFlaw, List<String> fields) throws Exception {
        proxy.upstream((request, wire) -> wire.respond(200, "ok"));
        try (Http2Wire client = Http2Wire.to(proxy.port())) {
            client.post(1, "/").data(1, "x", false).headers(1, true, fields.toArray(new String[0]));
            assertThat(client.response(1).end()).isEqualTo("reset " + Http2Error.PROTOCOL_ERROR.code());
        }
    }

    @Test
    void content_of_another_length_than_stated_is_no_request() throws Exception {
        proxy.upstream((request, wire) -> wire.respond(200, "ok"));
        try (Http2Wire client = Http2Wire.to(proxy.port())) {
            client.post(1, "/", "content-length", "3").data(1, "ab", true);
            client.post(3, "/", "content-length", "1").data(3, "ab", true);

            assertThat(client.response(1).status()).isIn("", "400");
            assertThat(client.response(3).status()).isIn("", "400");
        }
    }

    @Test
    void a_head_beyond_the_limit_gets_431() throws Exception {
        try (Http2Wire client = Http2Wire.to(proxy.port())) {
            client.get(1, "/", "x-long", "b".repeat(9000));
            assertThat(client.response(1).status()).isEqualTo("431");
        }
        assertThat(noted.next().failure()).isEqualTo(FailureKind.HEAD_TOO_LARGE);
    }

    @Test
    void a_malformed_request_is_responded_to_before_its_reset_and_is_in_the_access_log() throws Exception {
        try (Http2Wire client = Http2Wire.to(proxy.port())) {
            Http2Wire.Response response =
                    client.get(1, "/p", "connection", "close").response(1);

            assertThat(response.status()).isEqualTo("400");
            assertThat(response.body()).startsWith("400 ");
            assertThat(response.end()).isEqualTo("reset " + Http2Error.PROTOCOL_ERROR.code());
        }
        NotedRequests.NotedRequest logged = noted.next();
        assertThat(logged.status()).isEqualTo(400);
        assertThat(logged.uri()).isEqualTo("/p");
        assertThat(logged.failure()).isEqualTo(FailureKind.BAD_REQUEST);
    }

    @Test
    void more_streams_than_allowed_are_refused_and_may_be_sent_again() throws Exception {
        proxy.rawUpstream(wire -> wire.ends());
        try (Http2Wire client = Http2Wire.to(proxy.port())) {
            StringBuilder atOnce = new StringBuilder();
            for (int i = 0; i <= 100; i++) {
                String head = client.block(":method", "POST", ":scheme", "http", ":authority", "a", ":path", "/");
                atOnce.append(Http2Wire.frameBytes(Http2Wire.HEADERS, Http2Wire.END_HEADERS, 1 + 2 * i, head));
            }
            client.raw(atOnce.toString());

            assertThat(client.resetOf(201)).isEqualTo((int) Http2Error.REFUSED_STREAM.code());
        }
    }
}
