package dev.pointsman.balancer.conformance;

import static dev.pointsman.balancer.conformance.RawMessage.head;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.balancer.testkit.Message;
import dev.pointsman.balancer.testkit.TestProxy;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Where a request ends (RFC 9112, 6): what two readers could read as two different lengths is refused. */
class RequestFramingTest {
    private static final String EMPTY_CHUNKED = "0\r\n\r\n";
    private static final String HIDDEN = "GET /hidden HTTP/1.1\r\nHost: a\r\n\r\n";

    @RegisterExtension
    private static final TestProxy proxy = TestProxy.shared();

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void a_length_and_a_coding_together_are_refused(RawMessage row) throws Exception {
        Verdict.refused(proxy, row.text(), 400);
    }

    static Stream<RawMessage> a_length_and_a_coding_together_are_refused() {
        return Stream.of(
                RawMessage.of(
                        "length first (9112, 6.3)",
                        post("Content-Length: 5", "Transfer-Encoding: chunked") + EMPTY_CHUNKED),
                RawMessage.of(
                        "coding first (9112, 6.3)",
                        post("Transfer-Encoding: chunked", "Content-Length: 5") + EMPTY_CHUNKED),
                RawMessage.of(
                        "the length covers a hidden request",
                        post("Content-Length: " + (5 + HIDDEN.length()), "Transfer-Encoding: chunked")
                                + EMPTY_CHUNKED
                                + HIDDEN),
                RawMessage.of(
                        "the chunks cover a hidden request",
                        post("Content-Length: 4", "Transfer-Encoding: chunked")
                                + Integer.toHexString(HIDDEN.length())
                                + "\r\n"
                                + HIDDEN
                                + "\r\n"
                                + EMPTY_CHUNKED),
                RawMessage.of("length 0", post("Content-Length: 0", "Transfer-Encoding: chunked") + EMPTY_CHUNKED),
                RawMessage.of(
                        "names in capitals", post("CONTENT-LENGTH: 5", "TRANSFER-ENCODING: chunked") + EMPTY_CHUNKED),
                RawMessage.of(
                        "with other fields between",
                        post("Content-Length: 5", "X: y", "Transfer-Encoding: chunked") + EMPTY_CHUNKED),
                RawMessage.of(
                        "a coding that is not known",
                        post("Content-Length: 5", "Transfer-Encoding: xchunked") + "hello"),
                RawMessage.of("coding identity", post("Content-Length: 5", "Transfer-Encoding: identity") + "hello"),
                RawMessage.of(
                        "in HTTP/1.0 (9112, 6.1)",
                        head("POST /x HTTP/1.0", "Host: a", "Content-Length: 5", "Transfer-Encoding: chunked")
                                + EMPTY_CHUNKED),
                RawMessage.of(
                        "GET with both",
                        head("GET /x HTTP/1.1", "Host: a", "Content-Length: 5", "Transfer-Encoding: chunked")
                                + EMPTY_CHUNKED));
    }

    @ParameterizedTest(name = "Content-Length: \"{0}\"")
    @MethodSource
    void a_length_that_is_no_number_is_refused(String value) throws Exception {
        Verdict.refused(proxy, post("Content-Length: " + value) + "hello", 400);
    }

    /** RFC 9110, 8.6: digits and nothing else; RFC 9112, 6.3: otherwise 400, and the connection ends. */
    static Stream<String> a_length_that_is_no_number_is_refused() {
        return Stream.of(
                "",
                "+5",
                "-5",
                "-0",
                "+0",
                "0x5",
                "0X5",
                "5h",
                "5;",
                "5;a=b",
                "5 5",
                "5\t5",
                "5.0",
                "1e1",
                "5_0",
                "\"5\"",
                "'5'",
                "(5)",
                "five",
                "5, 6",
                "5,6",
                "6, 5",
                "5,",
                ",5",
                "5, five",
                "\u000b5",
                "5\u000b",
                "5\f",
                "5\u0000",
                "5\u00a0",
                "\u00b5",
                "\u0665",
                "9223372036854775808",
                "18446744073709551621",
                "99999999999999999999999999",
                "5\r\n 5",
                "5\r\n\t");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void lengths_that_contradict_each_other_are_refused(RawMessage row) throws Exception {
        Verdict.refused(proxy, row.text(), 400);
    }

    static Stream<RawMessage> lengths_that_contradict_each_other_are_refused() {
        return Stream.of(
                RawMessage.of("5 and 6", post("Content-Length: 5", "Content-Length: 6") + "hello"),
                RawMessage.of("6 and 5", post("Content-Length: 6", "Content-Length: 5") + "hello"),
                RawMessage.of("0 and 5", post("Content-Length: 0", "Content-Length: 5") + "hello"),
                RawMessage.of("5 and nothing", post("Content-Length: 5", "Content-Length:") + "hello"),
                RawMessage.of("5 and junk", post("Content-Length: 5", "Content-Length: x") + "hello"),
                RawMessage.of(
                        "5 and 05, which may be read as another", post("Content-Length: 5", "content-length: 5;")),
                RawMessage.of("in two spellings", post("Content-Length: 5", "content-length: 6") + "hello"),
                RawMessage.of("5, 5 and 6", post("Content-Length: 5, 5", "Content-Length: 6") + "hello"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void one_length_given_repeatedly_is_refused_or_counts_once(RawMessage row) throws Exception {
        Verdict.refusedOrArrives(proxy, row.text(), "POST /x HTTP/1.1", "hello");
    }

    /** RFC 9112, 6.3 allows both. */
    static Stream<RawMessage> one_length_given_repeatedly_is_refused_or_counts_once() {
        return Stream.of(
                RawMessage.of("two fields", post("Content-Length: 5", "Content-Length: 5") + "hello"),
                RawMessage.of("two spellings of the name", post("Content-Length: 5", "content-length: 5") + "hello"),
                RawMessage.of("as a list", post("Content-Length: 5, 5") + "hello"),
                RawMessage.of("as a list without a space", post("Content-Length: 5,5") + "hello"));
    }

    @ParameterizedTest(name = "Content-Length:\"{0}\"")
    @MethodSource
    void a_length_counts_whatever_blanks_and_zeros_stand_around_it(String value) throws Exception {
        Verdict.arrives(proxy, post("Content-Length:" + value) + "hello", "POST /x HTTP/1.1", "hello");
    }

    static Stream<String> a_length_counts_whatever_blanks_and_zeros_stand_around_it() {
        return Stream.of(
                "5", " 5", "   5", "\t5", " 5 ", " 5\t", " 05", " 0000000000000005", " " + "0".repeat(40) + "5");
    }

    @ParameterizedTest(name = "Transfer-Encoding: \"{0}\"")
    @MethodSource
    void a_coding_other_than_chunked_alone_is_refused(String value) throws Exception {
        Verdict.refused(proxy, post("Transfer-Encoding: " + value) + EMPTY_CHUNKED, 400, 501);
    }

    /** RFC 9112, 6.1 and 6.3; 7: chunked takes no parameters. */
    static Stream<String> a_coding_other_than_chunked_alone_is_refused() {
        return Stream.of(
                "",
                "identity",
                "gzip",
                "deflate",
                "chunk",
                "xchunked",
                "chunkedx",
                "x-chunked",
                "chunked x",
                "chunked\tx",
                "chun ked",
                "gzip, chunked",
                "x, chunked",
                "identity, chunked",
                "chunked, gzip",
                "chunked, identity",
                "chunked, chunked",
                "chunked,chunked",
                "chunked, xchunked",
                "chunked;q=1",
                "chunked; a=b",
                "chunked;",
                "\"chunked\"",
                "'chunked'",
                "trailers",
                ";chunked",
                "\u000bchunked",
                "chunked\u000b",
                "\fchunked",
                "\u0001chunked",
                "chunked\u0000",
                "\u0000chunked",
                "chunked\u00a0",
                "c\u00e9hunked",
                "chunke\u212a",
                "chun\rked",
                "chunked\r\n x",
                "x\r\n chunked",
                "chunked\r\n, gzip");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void codings_in_several_fields_are_refused(RawMessage row) throws Exception {
        Verdict.refused(proxy, row.text() + EMPTY_CHUNKED, 400, 501);
    }

    static Stream<RawMessage> codings_in_several_fields_are_refused() {
        return Stream.of(
                RawMessage.of("chunked twice", post("Transfer-Encoding: chunked", "Transfer-Encoding: chunked")),
                RawMessage.of(
                        "chunked, then identity", post("Transfer-Encoding: chunked", "Transfer-Encoding: identity")),
                RawMessage.of(
                        "identity, then chunked", post("Transfer-Encoding: identity", "Transfer-Encoding: chunked")),
                RawMessage.of("gzip, then chunked", post("Transfer-Encoding: gzip", "Transfer-Encoding: chunked")),
                RawMessage.of("chunked, then gzip", post("Transfer-Encoding: chunked", "Transfer-Encoding: gzip")),
                RawMessage.of("chunked, then junk", post("Transfer-Encoding: chunked", "Transfer-encoding: cow")));
    }

    @ParameterizedTest(name = "Transfer-Encoding:\"{0}\"")
    @MethodSource
    void chunked_is_known_in_any_case_and_between_blanks(String value) throws Exception {
        String chunked = post("Transfer-Encoding:" + value) + "5\r\nhello\r\n0\r\n\r\n";

        Message arrived = Verdict.arrives(proxy, chunked, "POST /x HTTP/1.1", "hello");

        assertThat(arrived.head().has("content-length")).isFalse();
    }

    static Stream<String> chunked_is_known_in_any_case_and_between_blanks() {
        return Stream.of(
                "chunked", " chunked", " Chunked", " CHUNKED", "\tchunked", "   chunked", " chunked ", " chunked\t");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void empty_elements_beside_chunked_are_refused_or_ignored(RawMessage row) throws Exception {
        Verdict.refusedOrArrives(proxy, row.text() + "5\r\nhello\r\n0\r\n\r\n", "POST /x HTTP/1.1", "hello");
    }

    /** RFC 9110, 5.6.1.2 has a recipient ignore them; 9112, 6.1 leaves no doubt what is left. */
    static Stream<RawMessage> empty_elements_beside_chunked_are_refused_or_ignored() {
        return Stream.of(
                RawMessage.of("comma behind", post("Transfer-Encoding: chunked,")),
                RawMessage.of("comma before", post("Transfer-Encoding: ,chunked")),
                RawMessage.of("an empty field before", post("Transfer-Encoding:", "Transfer-Encoding: chunked")),
                RawMessage.of("a folded line", post("Transfer-Encoding:\r\n chunked")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void a_coding_in_an_older_version_is_refused(RawMessage row) throws Exception {
        Verdict.refused(proxy, row.text() + EMPTY_CHUNKED, 400);
    }

    /** RFC 9112, 6.1: HTTP/1.0 has none, so the framing is faulty. */
    static Stream<RawMessage> a_coding_in_an_older_version_is_refused() {
        return Stream.of(
                RawMessage.of("chunked", head("POST /x HTTP/1.0", "Host: a", "Transfer-Encoding: chunked")),
                RawMessage.of(
                        "chunked, to be kept alive",
                        head("POST /x HTTP/1.0", "Host: a", "Connection: keep-alive", "Transfer-Encoding: chunked")),
                RawMessage.of("identity", head("POST /x HTTP/1.0", "Host: a", "Transfer-Encoding: identity")));
    }

    private static String post(String... fields) {
        return "POST /x HTTP/1.1\r\nHost: a\r\n" + String.join("\r\n", fields) + "\r\n\r\n";
    }
}
