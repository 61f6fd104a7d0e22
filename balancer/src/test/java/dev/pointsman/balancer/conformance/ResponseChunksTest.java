package dev.pointsman.balancer.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.balancer.testkit.Message;
import dev.pointsman.balancer.testkit.StrictReader;
import dev.pointsman.balancer.testkit.TestProxy;
import dev.pointsman.balancer.testkit.Wire;
import java.io.IOException;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Bodies in chunks from an upstream, and responses that break off (RFC 9112, 7.1 and 8). */
class ResponseChunksTest {
    private static final String OK = "HTTP/1.1 200 OK\r\n";
    private static final String CHUNKED = OK + "Transfer-Encoding: chunked\r\n\r\n";

    @RegisterExtension
    private static final TestProxy proxy = TestProxy.shared();

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void chunks_in_any_spelling_pass(RawMessage row) throws Exception {
        assertThat(ResponseVerdict.passes(proxy, CHUNKED + row.text()).body()).isEqualTo("0123456789");
    }

    static Stream<RawMessage> chunks_in_any_spelling_pass() {
        return Stream.of(
                RawMessage.of("one", "a\r\n0123456789\r\n0\r\n\r\n"),
                RawMessage.of("capital", "A\r\n0123456789\r\n0\r\n\r\n"),
                RawMessage.of("two", "4\r\n0123\r\n6\r\n456789\r\n0\r\n\r\n"),
                RawMessage.of("zeros", "000a\r\n0123456789\r\n000\r\n\r\n"),
                RawMessage.of("an extension", "a;b=c\r\n0123456789\r\n0;d\r\n\r\n"),
                RawMessage.of("a quoted extension", "a;b=\"c;d\"\r\n0123456789\r\n0\r\n\r\n"),
                RawMessage.of("one byte each", "0123456789".replaceAll("(.)", "1\r\n$1\r\n") + "0\r\n\r\n"));
    }

    /** The first part of the body is through already; the rest must not look like a whole response. */
    @ParameterizedTest(name = "{0}")
    @MethodSource
    void a_response_that_breaks_in_mid_body_is_seen_to_be_broken(RawMessage row) throws Exception {
        ResponseVerdict.breaksOff(proxy, row.text(), false);
    }

    static Stream<RawMessage> a_response_that_breaks_in_mid_body_is_seen_to_be_broken() {
        String some = CHUNKED + "5\r\nhello\r\n";
        return Stream.of(
                RawMessage.of("a length too long", OK + "Content-Length: 10\r\n\r\nhello"),
                RawMessage.of("a length of 1 and nothing", OK + "Content-Length: 1\r\n\r\n"),
                RawMessage.of("no last chunk", some),
                RawMessage.of("no end of the last chunk", some + "0\r\n"),
                RawMessage.of("half a last chunk", some + "0"),
                RawMessage.of("half a size", some + "5"),
                RawMessage.of("half a chunk", some + "5\r\nwo"),
                RawMessage.of("no CRLF behind a chunk", some + "5\r\nworld"),
                RawMessage.of("half a trailer", some + "0\r\nX-Su"),
                RawMessage.of("chunks announced and none sent", CHUNKED));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void a_response_that_is_reset_in_mid_body_is_seen_to_be_broken(RawMessage row) throws Exception {
        ResponseVerdict.breaksOff(proxy, row.text(), true);
    }

    static Stream<RawMessage> a_response_that_is_reset_in_mid_body_is_seen_to_be_broken() {
        return Stream.of(
                RawMessage.of("counted", OK + "Content-Length: 10\r\n\r\nhello"),
                RawMessage.of("in chunks", CHUNKED + "5\r\nhello\r\n"),
                RawMessage.of("to the end of the connection", OK + "\r\nhello"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void a_chunk_size_that_is_no_number_never_ends_a_response(RawMessage row) throws Exception {
        assertBroken(CHUNKED + row.text());
    }

    static Stream<RawMessage> a_chunk_size_that_is_no_number_never_ends_a_response() {
        Stream<String> sizes = Stream.of(
                "zz",
                "",
                " 2",
                "0x2",
                "+2",
                "-2",
                "2h",
                "2\u0000",
                "\u00002",
                "2\u000b",
                "2,",
                "10000000000000002",
                "fffffffffffffffff",
                "8000000000000002",
                "2\rx",
                ";a=b");
        return sizes.flatMap(size -> {
            String chunk = size + "\r\nok\r\n0\r\n\r\n";
            return Stream.of(
                    RawMessage.of("\"" + size + "\" first", chunk),
                    RawMessage.of("\"" + size + "\" behind a good one", "5\r\nhello\r\n" + chunk));
        });
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void chunks_out_of_form_never_end_a_response(RawMessage row) throws Exception {
        assertBroken(CHUNKED + row.text());
    }

    static Stream<RawMessage> chunks_out_of_form_never_end_a_response() {
        return Stream.of(
                RawMessage.of("more than said", "2\r\nokX\r\n0\r\n\r\n"),
                RawMessage.of("nothing behind the data", "2\r\nok0\r\n\r\n"),
                RawMessage.of("another byte behind CR", "2\r\nok\rX0\r\n\r\n"),
                RawMessage.of("a bare CR behind the size", "2\rok\r\n0\r\n\r\n"),
                RawMessage.of("an empty line before the size", "\r\n2\r\nok\r\n0\r\n\r\n"),
                RawMessage.of("a response instead of the last chunk", "2\r\nok\r\nHTTP/1.1 200 OK\r\n\r\n"));
    }

    /** Either nothing was passed on yet and it is a 502, or what was passed on breaks off. */
    private static void assertBroken(String bytes) throws Exception {
        proxy.strictUpstream((request, wire) -> {
            wire.send(bytes);
            wire.ends();
        });
        Wire client = proxy.connect();
        TestProxy.sendRequest(client, "POST", "/x", "Content-Length: 0");

        StrictReader responses = new StrictReader(client);
        boolean broken;
        try {
            broken = responses.readResponse("POST").status() == 502;
        } catch (IOException brokenOff) {
            broken = true;
        }
        assertThat(broken).isTrue();
    }

    @Test
    void a_response_to_http_1_0_that_breaks_off_breaks_off_there_too() throws Exception {
        proxy.strictUpstream((request, wire) ->
                wire.send(OK + "Content-Length: 10\r\n\r\nhello").close());
        Wire client = proxy.connect();

        client.sendHead("GET /x HTTP/1.0");

        assertThat(client.readHead().one("content-length")).isEqualTo("10");
        assertThat(client.read(5)).isEqualTo("hello");
        assertThat(client.ends()).isTrue();
    }

    @ParameterizedTest(name = "cut after {0} bytes")
    @MethodSource
    void a_response_may_be_cut_into_packets_anywhere(int cut) throws Exception {
        proxy.strictUpstream((request, wire) -> {
            if (request.head().uri().equals("/x")) {
                wire.send(CUT.substring(0, cut));
                // A whole exchange on the same event loop: what was sent so far has been read.
                proxy.get("/meanwhile");
                wire.send(CUT.substring(cut));
            } else {
                wire.respond(200, "ok");
            }
        });
        Wire client = proxy.connect();
        StrictReader responses = new StrictReader(client);

        TestProxy.sendRequest(client, "GET", "/x");

        Message response = responses.readResponse("GET");
        assertThat(response.head().one("x-a")).isEqualTo("b");
        assertThat(response.body()).isEqualTo("hello0123456789");
        assertThat(response.trailers().one("x-sum")).isEqualTo("1");
    }

    private static final String CUT = RawMessage.head("HTTP/1.1 200 OK", "X-A: b", "Transfer-Encoding: chunked")
            + "5;a=\"b\"\r\nhello\r\n0A\r\n0123456789\r\n0\r\nX-Sum: 1\r\n\r\n";

    static IntStream a_response_may_be_cut_into_packets_anywhere() {
        return IntStream.range(1, CUT.length());
    }
}
