package dev.pointsman.balancer.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.balancer.testkit.Message;
import dev.pointsman.balancer.testkit.ScriptedUpstream;
import dev.pointsman.balancer.testkit.StrictReader;
import dev.pointsman.balancer.testkit.TestProxy;
import dev.pointsman.balancer.testkit.Wire;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Bodies in chunks, from the client (RFC 9112, 7.1). */
class ChunkedRequestTest {
    private static final String HEAD = "POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
    private static final String END = "0\r\n\r\n";

    @RegisterExtension
    private static final TestProxy proxy = TestProxy.shared();

    @ParameterizedTest(name = "\"{0}\"")
    @MethodSource
    void a_chunk_size_that_is_no_hexadecimal_number_is_refused(String size) throws Exception {
        Verdict.refused(proxy, HEAD + size + "\r\nhello\r\n" + END, 400);
    }

    static Stream<String> a_chunk_size_that_is_no_hexadecimal_number_is_refused() {
        return Stream.of(
                "",
                " 5",
                "\t5",
                "0x5",
                "0X5",
                "x5",
                "+5",
                "-5",
                "-0",
                "5_",
                "0_5",
                "5h",
                "g",
                "5,",
                "5.",
                "5 5",
                "5 a",
                "\"5\"",
                "5\u0000",
                "\u00005",
                "5\u000b",
                "5\f",
                "5\u00a0",
                "\uff15",
                ";",
                ";a=b",
                "10000000000000005",
                "fffffffffffffffff",
                "ffffffffffffffff0005",
                "8000000000000005",
                "5\r");
    }

    @ParameterizedTest(name = "\"{0}\"")
    @MethodSource
    void a_chunk_size_in_any_spelling_counts(String size) throws Exception {
        int length = Integer.parseInt(size, 16);

        Verdict.arrives(
                proxy,
                HEAD + size + "\r\n" + "a".repeat(length) + "\r\n" + END,
                "POST /x HTTP/1.1",
                "a".repeat(length));
    }

    static Stream<String> a_chunk_size_in_any_spelling_counts() {
        return Stream.of("1", "9", "a", "A", "f", "F", "10", "1F", "1f", "05", "00000005", "0000000000000005", "fFf");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void an_extension_is_left_out_and_hides_nothing(RawMessage row) throws Exception {
        Verdict.arrives(proxy, HEAD + row.text() + "\r\nhello\r\n" + END, "POST /x HTTP/1.1", "hello");
    }

    /** RFC 9112, 7.1.1: a recipient must ignore those that it does not know. */
    static Stream<RawMessage> an_extension_is_left_out_and_hides_nothing() {
        return Stream.of(
                RawMessage.of("a name", "5;a"),
                RawMessage.of("a value", "5;a=b"),
                RawMessage.of("two", "5;a=b;c=d"),
                RawMessage.of("quoted", "5;a=\"b\""),
                RawMessage.of("quoted, with a semicolon", "5;a=\"b;c\""),
                RawMessage.of("quoted, with an escaped quote", "5;a=\"b\\\"c\""),
                RawMessage.of("blanks", "5 ; a = b"),
                RawMessage.of("a tab", "5\t;a"),
                RawMessage.of("200 bytes", "5;" + "a".repeat(200)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void a_doubtful_size_line_is_refused_or_read_in_the_only_possible_way(RawMessage row) throws Exception {
        Verdict.refusedOrArrives(proxy, HEAD + row.text() + "\r\nhello\r\n" + END, "POST /x HTTP/1.1", "hello");
    }

    static Stream<RawMessage> a_doubtful_size_line_is_refused_or_read_in_the_only_possible_way() {
        return Stream.of(
                RawMessage.of("a blank behind", "5 "),
                RawMessage.of("a tab behind", "5\t"),
                RawMessage.of("an empty extension", "5;"),
                RawMessage.of("two empty extensions", "5;;"),
                RawMessage.of("a value without a name", "5;=b"),
                RawMessage.of("a name without its value", "5;a="),
                RawMessage.of("two words", "5;a b"),
                RawMessage.of("a quote that never ends", "5;a=\"b"),
                RawMessage.of("bytes beyond ASCII", "5;a=\u00e9"),
                RawMessage.of("many zeros", "0".repeat(40) + "5"),
                RawMessage.of("8 KiB of extension", "5;" + "a".repeat(8192)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void chunks_out_of_form_are_refused(RawMessage row) throws Exception {
        Verdict.refused(proxy, HEAD + row.text(), 400);
    }

    /** A line that ends otherwise than with CRLF is how two readers come to differ (RFC 9112, 2.2 and 7.1). */
    static Stream<RawMessage> chunks_out_of_form_are_refused() {
        return Stream.of(
                RawMessage.of("LF behind the size", "5\nhello\r\n" + END),
                RawMessage.of("LF behind the data", "5\r\nhello\n" + END),
                RawMessage.of("LF behind the last size", "5\r\nhello\r\n0\n\r\n"),
                RawMessage.of("LF everywhere", "5\nhello\n0\n\n"),
                RawMessage.of("CR behind the size", "5\rhello\r\n" + END),
                RawMessage.of("an empty line before the size", "\r\n5\r\nhello\r\n" + END),
                RawMessage.of("more data than said", "5\r\nhelloX\r\n" + END),
                RawMessage.of("two bytes instead of CRLF", "5\r\nhelloXX" + END),
                RawMessage.of("CR and another byte", "5\r\nhello\rX" + END),
                RawMessage.of("nothing behind the data", "5\r\nhello" + END),
                RawMessage.of("LF in an extension", "5;a\nb\r\nhello\r\n" + END),
                RawMessage.of("LF ends an extension", "5;a=b\nhello\r\n" + END),
                RawMessage.of("CR in an extension", "5;a\rb\r\nhello\r\n" + END),
                RawMessage.of("NUL in an extension", "5;a=\u0000\r\nhello\r\n" + END),
                RawMessage.of("a control byte in an extension", "5;a=\u0001\r\nhello\r\n" + END),
                RawMessage.of("CRLF within quotes", "5;a=\"\r\nhello\r\n" + END.substring(0, 1) + "\"\r\n" + END),
                RawMessage.of("64 KiB of extension", "5;" + "a".repeat(64 * 1024) + "\r\nhello\r\n" + END),
                RawMessage.of("no last chunk but a request", "5\r\nhello\r\n"));
    }

    @ParameterizedTest(name = "cut after {0} bytes")
    @MethodSource
    void a_body_may_be_cut_into_packets_anywhere(int cut) throws Exception {
        ScriptedUpstream upstream = proxy.strictUpstream((request, wire) -> wire.respond(200, "ok"));
        Wire client = proxy.connect();
        String whole = HEAD + CUT_BODY;

        client.send(whole.substring(0, cut));
        // A whole exchange on the same event loop, so that what was sent so far has been read.
        proxy.get("/meanwhile");
        client.send(whole.substring(cut));

        assertThat(new StrictReader(client).readResponse("POST").status()).isEqualTo(200);
        Message arrived = upstream.received().get(1);
        assertThat(arrived.body()).isEqualTo("hello0123456789");
    }

    private static final String CUT_BODY = "5;a=\"b\"\r\nhello\r\n0A\r\n0123456789\r\n0\r\nX-Sum: 1\r\n\r\n";

    static IntStream a_body_may_be_cut_into_packets_anywhere() {
        return IntStream.range(HEAD.length() - 4, HEAD.length() + CUT_BODY.length());
    }

    @Test
    void a_body_that_comes_byte_by_byte_arrives_whole() throws Exception {
        ScriptedUpstream upstream = proxy.strictUpstream((request, wire) -> wire.respond(200, "ok"));
        Wire client = proxy.connect();

        for (char oneByte : (HEAD + CUT_BODY + HEAD + CUT_BODY).toCharArray()) {
            client.send(String.valueOf(oneByte));
        }

        StrictReader responses = new StrictReader(client);
        assertThat(responses.readResponse("POST").status()).isEqualTo(200);
        assertThat(responses.readResponse("POST").status()).isEqualTo(200);
        assertThat(upstream.received()).extracting(Message::body).containsExactly("hello0123456789", "hello0123456789");
    }

    @Test
    void a_request_within_a_chunk_is_no_request() throws Exception {
        String hidden = "GET /hidden HTTP/1.1\r\nHost: a\r\n\r\n";

        Verdict.arrives(
                proxy,
                HEAD + Integer.toHexString(hidden.length()) + "\r\n" + hidden + "\r\n" + END,
                "POST /x HTTP/1.1",
                hidden);
    }

    @Test
    void a_body_that_ends_too_early_never_arrives_as_a_whole_one() throws Exception {
        for (String part :
                new String[] {"", "5", "5\r\n", "5\r\nhel", "5\r\nhello", "5\r\nhello\r\n", "5\r\nhello\r\n0\r\n"}) {
            ScriptedUpstream upstream = proxy.strictUpstream((request, wire) -> wire.respond(200, "ok"));
            Wire client = proxy.connect();

            client.send(HEAD + part);
            client.close();

            assertThat(proxy.get("/later").status()).isEqualTo(200);
            proxy.awaitIdle();
            assertThat(upstream.received())
                    .as("after \"%s\"", part)
                    .allSatisfy(request -> assertThat(request.head().uri()).isEqualTo("/later"));
        }
    }
}
