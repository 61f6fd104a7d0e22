package dev.pointsman.balancer.proxy;

import static dev.pointsman.balancer.testkit.Http2Wire.CONTINUATION;
import static dev.pointsman.balancer.testkit.Http2Wire.DATA;
import static dev.pointsman.balancer.testkit.Http2Wire.END_HEADERS;
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
import static dev.pointsman.balancer.testkit.Http2Wire.setting;
import static dev.pointsman.balancer.testkit.TestProxy.sendRequest;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.balancer.testkit.CapturedLog;
import dev.pointsman.balancer.testkit.Http2Wire;
import dev.pointsman.balancer.testkit.Message;
import dev.pointsman.balancer.testkit.ScriptedHttp2;
import dev.pointsman.balancer.testkit.TestProxy;
import dev.pointsman.balancer.testkit.Wire;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;

/** Instances that break the rules of RFC 9113 in what they send: the one request fails, and nothing else comes to harm. */
class MalformedHttp2ResponsesTest {
    private static final int FIRST_WINDOW = 64 * 1024;

    @RegisterExtension
    private final CapturedLog log = new CapturedLog();

    @RegisterExtension
    private final TestProxy proxy = new TestProxy(
            "max-head=8k",
            "response-timeout=3s",
            "explain-secret=0123456789abcdef",
            "route=/=svc;proto=h2c",
            "route=/grpc=svc;proto=grpc");

    /** What an instance does with the request to /bad, on its stream. */
    private interface Breach {
        void commit(Http2Wire wire, int stream) throws Exception;
    }

    private static Arguments breach(String name, Breach breach) {
        return Arguments.of(name, breach);
    }

    private static Arguments head(String name, String... fields) {
        return breach(name, (wire, stream) -> wire.headers(stream, false, fields));
    }

    private static Http2Wire ok(Http2Wire wire, int stream, String... more) throws Exception {
        String[] fields = new String[more.length + 2];
        fields[0] = ":status";
        fields[1] = "200";
        System.arraycopy(more, 0, fields, 2, more.length);
        return wire.headers(stream, false, fields);
    }

    /** Of one stream, before its response has begun. */
    static final List<Arguments> HEADS = List.of(
            head("no :status", "x-a", "1"),
            head("an empty section"),
            head(":status behind a field", "x-a", "1", ":status", "200"),
            head(":status twice", ":status", "200", ":status", "200"),
            head(":status of letters", ":status", "2x0"),
            head(":status of two digits", ":status", "99"),
            head(":status of four digits", ":status", "2000"),
            head(":status of nothing", ":status", ""),
            head("a pseudo field of requests", ":status", "200", ":path", "/"),
            head("an unknown pseudo field", ":status", "200", ":x", "1"),
            head("a name in upper case", ":status", "200", "X-Upper", "1"),
            head("a name with a space", ":status", "200", "x a", "1"),
            head("a name with a colon", ":status", "200", "x:a", "1"),
            head("a name with CR LF", ":status", "200", "x\r\nset-cookie", "1"),
            head("an empty name", ":status", "200", "", "1"),
            head("CR LF in a value", ":status", "200", "x-a", "1\r\nset-cookie: a=b"),
            head("CR in a value", ":status", "200", "x-a", "1\r2"),
            head("LF in a value", ":status", "200", "x-a", "1\n2"),
            head("NUL in a value", ":status", "200", "x-a", "1\0002"),
            head("a response behind a value", ":status", "200", "x-a", "\r\n\r\nHTTP/1.1 200 OK\r\n\r\n"),
            head("white space before a value", ":status", "200", "x-a", " 1"),
            head("white space behind a value", ":status", "200", "x-a", "1\t"),
            head("connection", ":status", "200", "connection", "x-a"),
            head("keep-alive", ":status", "200", "keep-alive", "timeout=5"),
            head("proxy-connection", ":status", "200", "proxy-connection", "close"),
            head("transfer-encoding", ":status", "200", "transfer-encoding", "chunked"),
            head("upgrade", ":status", "200", "upgrade", "websocket"),
            head("two lengths", ":status", "200", "content-length", "1", "content-length", "2"),
            head("a length with a sign", ":status", "200", "content-length", "+1"),
            head("a length that is no number", ":status", "200", "content-length", "one"),
            head("a length beyond all numbers", ":status", "200", "content-length", "99999999999999999999"),
            head("101", ":status", "101"),
            breach(
                    "a length and no content",
                    (wire, stream) -> wire.headers(stream, true, ":status", "200", "content-length", "1")),
            breach("an interim response that ends", (wire, stream) -> wire.headers(stream, true, ":status", "103")),
            breach("DATA before HEADERS", (wire, stream) -> wire.data(stream, "x", false)),
            breach("DATA and the end before HEADERS", (wire, stream) -> wire.data(stream, "x", true)),
            breach("the end before HEADERS", (wire, stream) -> wire.data(stream, "", true)),
            breach("DATA behind an interim response", (wire, stream) -> wire.headers(stream, false, ":status", "103")
                    .data(stream, "x", false)),
            breach(
                    "a section that is too large",
                    (wire, stream) -> wire.headers(stream, false, ":status", "200", "x-a", "a".repeat(9000))),
            breach(
                    "a section that is too large when decoded",
                    (wire, stream) -> wire.frame(
                            HEADERS,
                            END_HEADERS,
                            stream,
                            bytes(0x88) + entry("y".repeat(4000)) + bytes(0xbe).repeat(50))),
            breach("interim responses without an end", (wire, stream) -> {
                for (int i = 0; i < 100; i++) {
                    wire.headers(stream, false, ":status", "103", "link", "x".repeat(4000));
                }
            }),
            breach("small interim responses without an end", (wire, stream) -> {
                for (int i = 0; i < 3_000; i++) {
                    wire.headers(stream, false, ":status", "102");
                }
            }),
            breach("a window opened by nothing", (wire, stream) -> wire.frame(WINDOW_UPDATE, 0, stream, int32(0))),
            breach(
                    "a window opened too far",
                    (wire, stream) -> wire.frame(WINDOW_UPDATE, 0, stream, int32(Integer.MAX_VALUE))),
            breach(
                    "a stream that depends on itself",
                    (wire, stream) -> wire.frame(PRIORITY, 0, stream, int32(stream) + bytes(1))),
            breach("PRIORITY of a wrong length", (wire, stream) -> wire.frame(PRIORITY, 0, stream, "x")));

    private static String entry(String value) {
        int more = value.length() - 127;
        return bytes(0x40, 1) + "x" + bytes(0x7f, (more & 0x7f) | 0x80, more >>> 7) + value;
    }

    /** A response whose head is in order, and the rest of it is not. */
    static final List<Arguments> RESTS = List.of(
            breach("more content than stated", (wire, stream) -> ok(wire, stream, "content-length", "3")
                    .data(stream, "ab", false)
                    .data(stream, "cd", false)),
            breach("less content than stated", (wire, stream) -> ok(wire, stream, "content-length", "3")
                    .data(stream, "ab", true)),
            breach("less content than stated before trailers", (wire, stream) -> ok(wire, stream, "content-length", "3")
                    .data(stream, "ab", false)
                    .headers(stream, true, "x-end", "1")),
            breach("a second head", (wire, stream) -> ok(wire, stream)
                    .data(stream, "ab", false)
                    .headers(stream, false, ":status", "200")),
            breach("a second head that ends", (wire, stream) -> ok(wire, stream)
                    .data(stream, "ab", false)
                    .headers(stream, true, ":status", "200")),
            breach("an interim response in the middle", (wire, stream) -> ok(wire, stream)
                    .data(stream, "ab", false)
                    .headers(stream, false, ":status", "103")),
            breach(
                    "trailers that do not end",
                    (wire, stream) -> ok(wire, stream).data(stream, "ab", false).headers(stream, false, "x-a", "1")),
            breach("a pseudo field in trailers", (wire, stream) -> ok(wire, stream)
                    .data(stream, "ab", false)
                    .headers(stream, true, "x-a", "1", ":x", "1")),
            breach(
                    "upper case in trailers",
                    (wire, stream) -> ok(wire, stream).data(stream, "ab", false).headers(stream, true, "X-A", "1")),
            breach("CR LF in trailers", (wire, stream) -> ok(wire, stream)
                    .data(stream, "ab", false)
                    .headers(stream, true, "x-a", "1\r\n\r\nHTTP/1.1 200 OK")),
            breach(
                    "NUL in trailers",
                    (wire, stream) -> ok(wire, stream).data(stream, "ab", false).headers(stream, true, "x-a", "\0")),
            breach("a field of connections in trailers", (wire, stream) -> ok(wire, stream)
                    .data(stream, "ab", false)
                    .headers(stream, true, "transfer-encoding", "chunked")),
            breach("trailers that are too large", (wire, stream) -> ok(wire, stream)
                    .data(stream, "ab", false)
                    .headers(stream, true, "x-a", "a".repeat(9000))),
            breach("a window opened too far", (wire, stream) -> ok(wire, stream)
                    .data(stream, "ab", false)
                    .frame(WINDOW_UPDATE, 0, stream, int32(Integer.MAX_VALUE))),
            breach("a window opened by nothing", (wire, stream) -> ok(wire, stream)
                    .data(stream, "ab", false)
                    .frame(WINDOW_UPDATE, 0, stream, int32(0))));

    /** What no other stream of the connection can outlive either. */
    static final List<Arguments> CONNECTIONS = List.of(
            breach(
                    "PUSH_PROMISE",
                    (wire, stream) -> wire.frame(
                            PUSH_PROMISE,
                            END_HEADERS,
                            stream,
                            int32(2)
                                    + wire.block(
                                            ":method", "GET", ":scheme", "http", ":authority", "a", ":path", "/"))),
            breach("a stream that nobody began", (wire, stream) -> wire.headers(2, false, ":status", "200")),
            breach(
                    "HEADERS of a request that is still to come",
                    (wire, stream) -> wire.headers(stream + 100, false, ":status", "200")),
            breach("DATA of a request that is still to come", (wire, stream) -> wire.data(stream + 100, "x", false)),
            breach(
                    "a reset of a request that is still to come",
                    (wire, stream) -> wire.frame(RST_STREAM, 0, stream + 100, int32(8))),
            breach(
                    "a window of a request that is still to come",
                    (wire, stream) -> wire.frame(WINDOW_UPDATE, 0, stream + 100, int32(8))),
            breach("DATA of no stream", (wire, stream) -> wire.data(0, "x", false)),
            breach("HEADERS of no stream", (wire, stream) -> wire.headers(0, false, ":status", "200")),
            breach("a reset of no stream", (wire, stream) -> wire.frame(RST_STREAM, 0, 0, int32(8))),
            breach("SETTINGS of a stream", (wire, stream) -> wire.frame(SETTINGS, 0, stream, "")),
            breach("SETTINGS of a wrong length", (wire, stream) -> wire.frame(SETTINGS, 0, 0, "12345")),
            breach(
                    "an acknowledgement that says something",
                    (wire, stream) -> wire.frame(SETTINGS, 1, 0, setting(3, 100))),
            breach(
                    "a window of more than there can be",
                    (wire, stream) -> wire.frame(SETTINGS, 0, 0, setting(4, Integer.MIN_VALUE))),
            breach("frames of less than 16 KiB", (wire, stream) -> wire.frame(SETTINGS, 0, 0, setting(5, 100))),
            breach("a PING of a wrong length", (wire, stream) -> wire.frame(PING, 0, 0, "1234567")),
            breach("a PING of a stream", (wire, stream) -> wire.frame(PING, 0, stream, "12345678")),
            breach("GOAWAY of a stream", (wire, stream) -> wire.frame(GOAWAY, 0, stream, int32(0) + int32(0))),
            breach("GOAWAY that is too short", (wire, stream) -> wire.frame(GOAWAY, 0, 0, int32(0))),
            breach(
                    "the connection's window opened by nothing",
                    (wire, stream) -> wire.frame(WINDOW_UPDATE, 0, 0, int32(0))),
            breach(
                    "the connection's window opened too far",
                    (wire, stream) -> wire.frame(WINDOW_UPDATE, 0, 0, int32(Integer.MAX_VALUE))),
            breach(
                    "CONTINUATION of nothing",
                    (wire, stream) -> wire.frame(CONTINUATION, END_HEADERS, stream, wire.block("x-a", "1"))),
            breach("another frame in the middle of a section", (wire, stream) -> wire.frame(
                            HEADERS, 0, stream, wire.block(":status", "200"))
                    .frame(PING, 0, 0, "12345678")),
            breach("a section of another stream in the middle of one", (wire, stream) -> wire.frame(
                            HEADERS, 0, stream, wire.block(":status", "200"))
                    .frame(CONTINUATION, END_HEADERS, stream - 2, wire.block("x-a", "1"))),
            breach("CONTINUATION without an end", (wire, stream) -> {
                wire.frame(HEADERS, 0, stream, wire.block(":status", "200"));
                for (int i = 0; i < 1000; i++) {
                    wire.frame(CONTINUATION, 0, stream, wire.block("x-a", "a".repeat(1000)));
                }
            }),
            breach("empty CONTINUATION without an end", (wire, stream) -> {
                wire.frame(HEADERS, 0, stream, wire.block(":status", "200"));
                for (int i = 0; i < 1000; i++) {
                    wire.frame(CONTINUATION, 0, stream, "");
                }
            }),
            breach("a frame that is too large", (wire, stream) -> wire.frame(DATA, 0, stream, "x".repeat(16_385))),
            breach("padding beyond the frame", (wire, stream) -> wire.frame(DATA, 8, stream, bytes(200) + "abc")),
            breach(
                    "fields that cannot be decoded",
                    (wire, stream) ->
                            wire.frame(HEADERS, END_HEADERS, stream, bytes(0xff, 0xff, 0xff, 0xff, 0xff, 0xff))),
            breach("HTTP/1.1", (wire, stream) -> wire.raw("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")),
            flood("SETTINGS", 2000, frameBytes(SETTINGS, 0, 0, "")),
            flood("PINGs", 20_000, frameBytes(PING, 0, 0, "12345678")),
            flood("acknowledgements of SETTINGS", 20_000, frameBytes(SETTINGS, 1, 0, "")),
            flood("answers to PINGs that were none", 20_000, frameBytes(PING, 1, 0, "12345678")),
            flood("PRIORITY", 20_000, frameBytes(PRIORITY, 0, 1001, int32(0) + bytes(1))),
            flood("frames of an unknown type", 20_000, frameBytes(0xbe, 0, 0, "x")),
            flood("windows opened by a byte", 20_000, frameBytes(WINDOW_UPDATE, 0, 0, int32(1))),
            breach("empty DATA without an end", (wire, stream) -> {
                ok(wire, stream);
                wire.raw(frameBytes(DATA, 0, stream, "").repeat(20_000));
            }),
            breach("padding without an end", (wire, stream) -> {
                ok(wire, stream);
                wire.raw(frameBytes(DATA, 8, stream, bytes(1, 0)).repeat(20_000));
            }));

    private static Arguments flood(String name, int times, String frame) {
        return breach("a flood of " + name, (wire, stream) -> wire.raw(frame.repeat(times)));
    }

    /** Leaves /held alone until /release is asked for, and breaks the rules at /bad. */
    private ScriptedHttp2 instance(Breach breach) throws Exception {
        int[] held = new int[1];
        return proxy.http2Upstream(ScriptedHttp2.responding((request, wire) -> {
            if (request.isTo("/held")) {
                held[0] = request.stream();
                ok(wire, held[0]);
            } else if (request.isTo("/bad") || request.isTo("/grpc/bad")) {
                breach.commit(wire, request.stream());
            } else if (request.isTo("/release")) {
                wire.data(held[0], "held", true);
                ok(wire, request.stream()).data(request.stream(), "released", true);
            } else {
                ok(wire, request.stream()).data(request.stream(), "fine", true);
            }
        }));
    }

    /** What came before the breach may have been passed on, or only its head, or nothing. */
    private static void assertBroken(Http2Wire.Response response) {
        String seen = response.head().isEmpty() ? response.end() : response.status() + " " + response.end();
        assertThat(seen).isIn("reset 2", "200 reset 2", "502 end");
    }

    private static Http2Wire post(Http2Wire client, int stream, String path, String... more) throws Exception {
        return client.post(stream, path, more).data(stream, "\0\0\0\0\0", true);
    }

    @ParameterizedTest(name = "{0}")
    @FieldSource("HEADS")
    void a_head_that_is_none_is_502_and_its_connection_goes_on(String name, Breach breach) throws Exception {
        ScriptedHttp2 instance = instance(breach);
        try (Http2Wire client = Http2Wire.to(proxy.port());
                Http2Wire other = Http2Wire.to(proxy.port())) {
            other.get(1, "/held").skipTo(frame -> frame.type() == HEADERS);
            assertThat(client.get(1, "/").response(1).body()).isEqualTo("fine");

            Http2Wire.Response response = post(client, 3, "/bad").response(3);

            assertThat(response.status()).isEqualTo("502");
            assertThat(response.head()).doesNotContain("set-cookie");
            assertThat(client.get(5, "/release").response(5).body()).isEqualTo("released");
            assertThat(other.response(1).body()).isEqualTo("held");
        }
        assertThat(instance.connections()).isEqualTo(1);
        assertThat(log.text()).contains("POST /bad").contains("not valid HTTP");
    }

    @ParameterizedTest(name = "{0}")
    @FieldSource("HEADS")
    void in_http1_a_head_that_is_none_is_502_and_nothing_of_it_is_in_the_response(String name, Breach breach)
            throws Exception {
        instance(breach);
        Wire client = proxy.connect();
        sendRequest(client, "POST", "/bad", "Content-Length: 0", "Connection: close");

        String response = client.readToEnd();

        // Interim responses may have passed.
        assertThat(response).contains("HTTP/1.1 502 ").doesNotContain("HTTP/1.1 200", "set-cookie", "\0");
    }

    @ParameterizedTest(name = "{0}")
    @FieldSource("RESTS")
    void a_response_that_goes_wrong_midway_is_reset_and_its_connection_goes_on(String name, Breach breach)
            throws Exception {
        ScriptedHttp2 instance = instance(breach);
        try (Http2Wire client = Http2Wire.to(proxy.port());
                Http2Wire other = Http2Wire.to(proxy.port())) {
            other.get(1, "/held").skipTo(frame -> frame.type() == HEADERS);
            Http2Wire.Response response = post(client, 1, "/bad").response(1);

            assertBroken(response);
            assertThat(client.get(3, "/release").response(3).body()).isEqualTo("released");
            assertThat(other.response(1).body()).isEqualTo("held");
        }
        assertThat(instance.connections()).isEqualTo(1);
        assertThat(log.text()).contains("POST /bad").containsAnyOf("bad-response", "not valid HTTP");
    }

    @ParameterizedTest(name = "{0}")
    @FieldSource("RESTS")
    void in_http1_a_response_that_goes_wrong_midway_never_looks_whole(String name, Breach breach) throws Exception {
        instance(breach);
        Wire client = proxy.connect();
        sendRequest(client, "POST", "/bad", "Content-Length: 0", "Connection: close");

        String response = client.readToEnd();

        if (response.startsWith("HTTP/1.1 200")) {
            assertThat(response).doesNotContain("\r\n0\r\n", "abc", "HTTP/1.1 200 OK\r\n\r\nHTTP");
            assertThat(response).doesNotContain("x-a:");
        } else {
            assertThat(response).startsWith("HTTP/1.1 502 ");
        }
    }

    @ParameterizedTest(name = "{0}")
    @FieldSource("CONNECTIONS")
    void what_breaks_a_connection_fails_its_requests_and_the_next_ones_get_another(String name, Breach breach)
            throws Exception {
        ScriptedHttp2 instance = instance(breach);
        try (Http2Wire client = Http2Wire.to(proxy.port())) {
            client.frame(WINDOW_UPDATE, 0, 0, int32(10_000_000));
            assertThat(client.get(1, "/").response(1).body()).isEqualTo("fine");

            Http2Wire.Response response = post(client, 3, "/bad").response(3);

            assertBroken(response);
            for (int stream = 5; stream < 9; stream += 2) {
                assertThat(client.get(stream, "/").response(stream).body()).isEqualTo("fine");
            }
        }
        assertThat(instance.connections()).isEqualTo(2);
    }

    @Test
    void a_call_of_grpc_gets_the_status_of_an_internal_error() throws Exception {
        instance((wire, stream) -> wire.headers(stream, false, "x-a", "1"));
        try (Http2Wire client = Http2Wire.to(proxy.port())) {
            Http2Wire.Response response = post(
                            client, 1, "/grpc/bad", "content-type", "application/grpc", "te", "trailers")
                    .response(1);

            assertThat(response.status()).isEqualTo("200");
            assertThat(response.head()).contains("grpc-status: 13\n");
        }
    }

    @Test
    void the_same_length_said_twice_is_one_length() throws Exception {
        instance((wire, stream) -> ok(wire, stream, "content-length", "1, 1").data(stream, "x", true));

        Message response = proxy.post("/bad", "");

        assertThat(response.head().all("content-length")).containsExactly("1");
        assertThat(response.body()).isEqualTo("x");
    }

    @Test
    void what_was_wrong_is_in_the_log_and_the_kind_of_it_is_explained() throws Exception {
        instance((wire, stream) -> wire.headers(stream, false, ":status", "200", "x-a", "1\r\n2"));

        Message response = proxy.post("/bad", "x", "X-Pointsman-Explain: 0123456789abcdef");

        assertThat(response.status()).isEqualTo(502);
        assertThat(response.head().one("x-pointsman-attempts")).contains(";failure=bad-response;");
        assertThat(log.text()).contains("Validation failed for header 'x-a'");
        assertThat(proxy.upstreams().get(0).failures()).isEqualTo(1);
    }

    @Test
    void more_content_than_the_window_of_a_stream_holds_ends_that_stream_alone() throws Exception {
        ScriptedHttp2 instance = instance((wire, stream) -> {
            ok(wire, stream);
            for (int sent = 0; sent <= 10 * FIRST_WINDOW; sent += 16_384) {
                wire.data(stream, "x".repeat(16_384), false);
            }
        });
        // A client that opens no window, so that nothing of the stream's is given back.
        try (Http2Wire client = Http2Wire.to(proxy.port())) {
            client.frame(SETTINGS, 0, 0, setting(4, 0));
            assertThat(post(client, 1, "/bad").response(1).end()).isEqualTo("reset 2");
            client.frame(SETTINGS, 0, 0, setting(4, 65_535));
            assertThat(client.get(3, "/").response(3).body()).isEqualTo("fine");
        }
        assertThat(instance.connections()).isEqualTo(1);
    }
}
