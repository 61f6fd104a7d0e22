package dev.pointsman.balancer.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.balancer.testkit.Message;
import dev.pointsman.balancer.testkit.ScriptedUpstream;
import dev.pointsman.balancer.testkit.StrictReader;
import dev.pointsman.balancer.testkit.TestProxy;
import dev.pointsman.balancer.testkit.Wire;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where an upstream's response ends (RFC 9112, 6 to 8). */
class ResponseFramingTest {
    private static final String OK = "HTTP/1.1 200 OK\r\n";
    private static final String CHUNKED = OK + "Transfer-Encoding: chunked\r\n\r\n";
    private static final String CHUNKS = "2\r\nok\r\n0\r\n\r\n";

    @RegisterExtension
    private static final TestProxy proxy = TestProxy.shared();

    @ParameterizedTest(name = "Content-Length: \"{0}\"")
    @ValueSource(
            strings = {
                "",
                "+2",
                "-2",
                "0x2",
                "2;",
                "2.0",
                "2 2",
                "\"2\"",
                "two",
                "2, 3",
                "2,",
                ",2",
                "\u000b2",
                "2\u000b",
                "2\u0000",
                "2\u00a0",
                "9223372036854775808",
                "18446744073709551618",
                "99999999999999999999"
            })
    void a_length_that_is_no_number_is_a_bad_gateway(String value) throws Exception {
        ResponseVerdict.isBadGateway(proxy, OK + "Content-Length: " + value + "\r\n\r\nok");
    }

    @ParameterizedTest(name = "Content-Length:\"{0}\"")
    @ValueSource(strings = {"2", " 2", "   2", "\t2", " 2 ", " 2\t", " 02", " 0000000000000000000002"})
    void a_length_counts_whatever_blanks_and_zeros_stand_around_it(String value) throws Exception {
        assertThat(ResponseVerdict.passes(proxy, OK + "Content-Length:" + value + "\r\n\r\nok")
                        .body())
                .isEqualTo("ok");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void lengths_that_contradict_each_other_are_a_bad_gateway(RawMessage row) throws Exception {
        ResponseVerdict.isBadGateway(proxy, OK + row.text() + "\r\n\r\nok");
    }

    static Stream<RawMessage> lengths_that_contradict_each_other_are_a_bad_gateway() {
        return Stream.of(
                RawMessage.of("2 and 3", "Content-Length: 2\r\nContent-Length: 3"),
                RawMessage.of("3 and 2", "Content-Length: 3\r\nContent-Length: 2"),
                RawMessage.of("2 and junk", "Content-Length: 2\r\nContent-Length: x"),
                RawMessage.of("a blank before the colon", "Content-Length : 2\r\nContent-Length: 3"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void framing_given_twice_is_a_bad_gateway_or_read_in_the_only_possible_way(RawMessage row) throws Exception {
        Message response = ResponseVerdict.passesOrIsBadGateway(proxy, OK + row.text());

        if (response.status() != 502) {
            assertThat(response.status()).isEqualTo(200);
            assertThat(response.body()).isEqualTo("ok");
        }
    }

    /** RFC 9112, 6.3, 3 and 5: the coding overrides the length; equal lengths may count as one. */
    static Stream<RawMessage> framing_given_twice_is_a_bad_gateway_or_read_in_the_only_possible_way() {
        return Stream.of(
                RawMessage.of("one length twice", "Content-Length: 2\r\nContent-Length: 2\r\n\r\nok"),
                RawMessage.of("one length as a list", "Content-Length: 2, 2\r\n\r\nok"),
                RawMessage.of("length and coding", "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n" + CHUNKS),
                RawMessage.of("coding and length", "Transfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n" + CHUNKS),
                RawMessage.of("a longer length", "Transfer-Encoding: chunked\r\nContent-Length: 500\r\n\r\n" + CHUNKS));
    }

    @ParameterizedTest(name = "Transfer-Encoding: \"{0}\"")
    @ValueSource(
            strings = {
                "gzip",
                "identity",
                "xchunked",
                "chunk",
                "chunked;a=b",
                "\"chunked\"",
                "gzip, chunked",
                "identity, chunked",
                "chunked, gzip",
                "chunked, identity",
                "chunked, chunked",
                "\u000bchunked",
                "chunked\u0000",
                "chunked\r\n foo",
                "chunked\r\nTransfer-Encoding: chunked",
                "gzip\r\nTransfer-Encoding: chunked",
                "chunked\r\nTransfer-Encoding: identity"
            })
    void a_coding_other_than_chunked_alone_is_a_bad_gateway(String value) throws Exception {
        ResponseVerdict.isBadGatewayWhenClosed(proxy, OK + "Transfer-Encoding: " + value + "\r\n\r\n" + CHUNKS);
    }

    @ParameterizedTest(name = "Transfer-Encoding:\"{0}\"")
    @ValueSource(strings = {"chunked", " chunked", " Chunked", " CHUNKED", "\tchunked", " chunked ", " chunked\t"})
    void chunked_is_known_in_any_case_and_between_blanks(String value) throws Exception {
        Message response = ResponseVerdict.passes(proxy, OK + "Transfer-Encoding:" + value + "\r\n\r\n" + CHUNKS);

        assertThat(response.body()).isEqualTo("ok");
        assertThat(response.head().one("transfer-encoding")).isEqualTo("chunked");
    }

    @ParameterizedTest(name = "{0} bytes")
    @MethodSource("lengths")
    void a_counted_body_of_any_length_passes(int length) throws Exception {
        String body = body(length);

        Message response = ResponseVerdict.passes(proxy, OK + "Content-Length: " + length + "\r\n\r\n" + body);

        assertThat(response.body().equals(body)).isTrue();
        assertThat(response.head().one("content-length")).isEqualTo(Integer.toString(length));
    }

    @ParameterizedTest(name = "{0} bytes")
    @MethodSource("lengths")
    void a_chunked_body_of_any_length_passes(int length) throws Exception {
        String body = body(length);
        String chunk = length == 0 ? "" : Integer.toHexString(length) + "\r\n" + body + "\r\n";

        Message response = ResponseVerdict.passes(proxy, CHUNKED + chunk + "0\r\n\r\n");

        assertThat(response.body().equals(body)).isTrue();
        assertThat(response.head().one("transfer-encoding")).isEqualTo("chunked");
    }

    @ParameterizedTest(name = "{0} bytes")
    @MethodSource("lengths")
    void a_body_to_the_end_of_the_connection_passes_in_chunks(int length) throws Exception {
        String body = body(length);

        Message response = ResponseVerdict.passesWhenClosed(proxy, OK + "\r\n" + body);

        assertThat(response.body().equals(body)).isTrue();
        assertThat(response.head().one("transfer-encoding")).isEqualTo("chunked");
    }

    static IntStream lengths() {
        return IntStream.of(0, 1, 2, 4096, 8191, 8192, 8193, 65535, 65536, 65537, 1_000_000);
    }

    private static String body(int length) {
        return "0123456789abcdef".repeat(length / 16 + 1).substring(0, length);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void what_comes_behind_a_response_is_not_the_response_to_the_next_request(RawMessage row) throws Exception {
        ScriptedUpstream upstream = proxy.strictUpstream((request, wire) -> {
            if (request.head().uri().equals("/next")) {
                wire.respond(200, "next");
            } else {
                wire.send(row.text());
            }
        });
        Wire client = proxy.connect();
        StrictReader responses = new StrictReader(client);
        TestProxy.sendRequest(client, "GET", "/x");
        assertThat(responses.readResponse("GET").body()).isEqualTo("ok");
        proxy.awaitIdle();

        // POST, which is not repeated: what it gets is what its first attempt got.
        TestProxy.sendRequest(client, "POST", "/next", "Content-Length: 0");
        assertThat(responses.readResponse("POST").body()).isEqualTo("next");
        assertThat(upstream.connections()).as("the first one is not used again").isEqualTo(2);
    }

    static Stream<RawMessage> what_comes_behind_a_response_is_not_the_response_to_the_next_request() {
        String evil = OK + "Content-Length: 4\r\n\r\nevil";
        return Stream.of(
                RawMessage.of("a response behind a counted one", OK + "Content-Length: 2\r\n\r\nok" + evil),
                RawMessage.of("a response behind chunks", CHUNKED + CHUNKS + evil),
                RawMessage.of("half a response", OK + "Content-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\nContent-Le"),
                RawMessage.of("junk", OK + "Content-Length: 2\r\n\r\nok\u0000\u0001junk"),
                RawMessage.of("a 100", OK + "Content-Length: 2\r\n\r\nokHTTP/1.1 100 Continue\r\n\r\n"),
                RawMessage.of("more body than said", OK + "Content-Length: 2\r\n\r\nokokok"));
    }
}
