package dev.pointsman.balancer.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.balancer.testkit.TestProxy;
import dev.pointsman.balancer.testkit.Wire;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Method, version, and what stands between them (RFC 9112, 2.2, 2.3 and 3). */
class RequestLineTest {
    private static final String FIELDS = "\r\nHost: a\r\n\r\n";

    @RegisterExtension
    private static final TestProxy proxy = TestProxy.shared();

    @RegisterExtension
    private static final TestProxy withoutHttp2 = TestProxy.shared("http2=false");

    @ParameterizedTest(name = "\"{0}\"")
    @MethodSource
    void a_line_that_is_no_request_line_is_refused(String line) throws Exception {
        Verdict.refused(proxy, line + FIELDS, 400);
    }

    static Stream<String> a_line_that_is_no_request_line_is_refused() {
        return Stream.of(
                "GET",
                "GET /",
                "GET / ",
                "/ HTTP/1.1",
                " / HTTP/1.1",
                "HTTP/1.1",
                "HTTP/1.1 200 OK",
                "GET HTTP/1.1",
                "GET / x HTTP/1.1",
                "GET /a b HTTP/1.1",
                "GET / HTTP/1.1 x",
                "GET / FOO",
                " GET / HTTP/1.1",
                "\tGET / HTTP/1.1",
                "GET\u000b/ HTTP/1.1",
                "GET /\u000bHTTP/1.1",
                "GET\f/ HTTP/1.1",
                "GET /\fHTTP/1.1",
                "GET\r/ HTTP/1.1",
                "GET /\rHTTP/1.1",
                "GET /x\r HTTP/1.1",
                "GET \r/x HTTP/1.1",
                "GET /x \rHTTP/1.1",
                "GET / HTTP/1.1\rX: y",
                "GET\u00a0/ HTTP/1.1",
                "\u0000GET / HTTP/1.1",
                "\u0001GET / HTTP/1.1",
                "\u001fGET / HTTP/1.1",
                "\u007fGET / HTTP/1.1",
                "\u00ffGET / HTTP/1.1",
                "\u00ef\u00bb\u00bfGET / HTTP/1.1",
                "{\"json\": true}");
    }

    @ParameterizedTest(name = "\"{0}\"")
    @MethodSource
    void blanks_beyond_the_one_between_are_refused_or_left_out(String line) throws Exception {
        Verdict.refusedOrArrives(proxy, line + FIELDS, "GET /x HTTP/1.1", "");
    }

    /** RFC 9112, 3: a recipient may, and should know what it does. */
    static Stream<String> blanks_beyond_the_one_between_are_refused_or_left_out() {
        return Stream.of(
                "GET  /x HTTP/1.1",
                "GET /x  HTTP/1.1",
                "GET   /x   HTTP/1.1",
                "GET\t/x HTTP/1.1",
                "GET /x\tHTTP/1.1",
                "GET \t/x HTTP/1.1",
                "GET /x HTTP/1.1 ",
                "GET /x HTTP/1.1\t");
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "HTTP/1.10",
                "HTTP/1.01",
                "HTTP/01.1",
                "HTTP/11",
                "HTTP/1.",
                "HTTP/.1",
                "HTTP/1",
                "HTTP/1.1.1",
                "HTTP/1,1",
                "HTTP/1.x",
                "HTTP/x.1",
                "HTTP/+1.1",
                "HTTP/-1.1",
                "HTTP/1.-1",
                "HTTP/1.1x",
                "HTTP/1.1\u0000",
                "HTTP/1.\u00b9",
                "HTTP 1.1",
                "HTTP/ 1.1",
                "HTTP/",
                "http/1.1",
                "Http/1.1",
                "HTTp/1.1",
                "HTTPS/1.1",
                "XHTTP/1.1",
                "XTTP/1.1",
                "ICY/1.1",
                "RTSP/1.0",
                "SIP/2.0"
            })
    void a_version_that_is_none_is_refused_in_http(String version) throws Exception {
        Verdict.refused(proxy, "GET / " + version + FIELDS, 400);
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"HTTP/2.0", "HTTP/3.0", "HTTP/9.9", "HTTP/0.9", "HTTP/0.0"})
    void another_major_version_is_not_spoken(String version) throws Exception {
        Verdict.refused(proxy, "GET / " + version + FIELDS, 400, 505);
    }

    @Test
    void the_preface_of_http_2_is_refused_where_that_is_not_spoken() throws Exception {
        Verdict.refused(withoutHttp2, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400, 505);
    }

    @Test
    void a_request_of_http_0_9_is_refused() throws Exception {
        Verdict.refused(proxy, "GET /x\r\n", 400, 505);
    }

    @Test
    void what_a_tls_client_says_first_is_refused() throws Exception {
        Wire client = proxy.connect();

        client.send("\u0016\u0003\u0001\u0000\u00c4\u0001\u0000\u0000\u00c0\u0003\u0003" + "a".repeat(60) + "\r\n\r\n");

        assertThat(client.readMessage().status()).isEqualTo(400);
        assertThat(client.ends()).isTrue();
    }

    @ParameterizedTest(name = "HTTP/1.{0}")
    @ValueSource(ints = {1, 2, 3, 9})
    void a_higher_minor_version_is_spoken_as_the_highest_known_one(int minor) throws Exception {
        Verdict.arrives(proxy, "GET /x HTTP/1." + minor + FIELDS, "GET /x HTTP/1.1", "");
    }

    @ParameterizedTest(name = "\"{0}\"")
    @ValueSource(
            strings = {
                "G@T",
                "G(T",
                "G)T",
                "G/T",
                "G[T",
                "G]T",
                "G{T",
                "G}T",
                "\"GET\"",
                "GET,",
                "G:T",
                "G;T",
                "G=T",
                "G<T",
                "G>T",
                "G?T",
                "G\\T",
                "G\u0000T",
                "G\u0001T",
                "GET\u007f",
                "G\u00c9T",
                "G\rT"
            })
    void a_method_that_is_no_token_is_refused(String method) throws Exception {
        Verdict.refused(proxy, method + " /x HTTP/1.1" + FIELDS, 400, 501);
    }

    @ParameterizedTest(name = "\"{0}\"")
    @ValueSource(
            strings = {
                "BREW",
                "A",
                "get",
                "Post",
                "M-SEARCH",
                "PROPFIND",
                "PURGE",
                "LINK",
                "QUERY",
                "123",
                "!#$%&'*+-.^_`|~",
                "X-METHOD_WITH.A-LONG~NAME"
            })
    void any_other_token_is_a_method_and_its_case_stays(String method) throws Exception {
        Verdict.arrives(proxy, method + " /x HTTP/1.1" + FIELDS, method + " /x HTTP/1.1", "");
    }

    @Test
    void a_method_may_be_long() throws Exception {
        Verdict.arrives(proxy, "M".repeat(200) + " /x HTTP/1.1" + FIELDS, "M".repeat(200) + " /x HTTP/1.1", "");
    }

    @Test
    void a_method_without_end_is_refused() throws Exception {
        Verdict.refused(proxy, "M".repeat(20_000) + " /x HTTP/1.1" + FIELDS, 400, 414, 431, 501);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void lines_that_do_not_end_with_crlf_are_refused_or_read_as_what_they_are(RawMessage row) throws Exception {
        Verdict.refusedOrArrives(proxy, row.text(), "GET /x HTTP/1.1", "");
    }

    /** RFC 9112, 2.2: a recipient may take a bare LF for the end of a line. */
    static Stream<RawMessage> lines_that_do_not_end_with_crlf_are_refused_or_read_as_what_they_are() {
        return Stream.of(
                RawMessage.of("LF behind the request line", "GET /x HTTP/1.1\nHost: a\r\n\r\n"),
                RawMessage.of("LF behind a field", "GET /x HTTP/1.1\r\nHost: a\nX: y\r\n\r\n"),
                RawMessage.of("LF as the empty line", "GET /x HTTP/1.1\r\nHost: a\r\n\n"),
                RawMessage.of("LF everywhere", "GET /x HTTP/1.1\nHost: a\n\n"),
                RawMessage.of("CR first", "\rGET /x HTTP/1.1\r\nHost: a\r\n\r\n"),
                RawMessage.of("LF first", "\nGET /x HTTP/1.1\r\nHost: a\r\n\r\n"),
                RawMessage.of("many empty lines first", "\r\n".repeat(100) + "GET /x HTTP/1.1\r\nHost: a\r\n\r\n"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void a_bare_cr_is_refused(RawMessage row) throws Exception {
        Verdict.refused(proxy, row.text(), 400);
    }

    /** RFC 9112, 2.2. */
    static Stream<RawMessage> a_bare_cr_is_refused() {
        return Stream.of(
                RawMessage.of("in the request line", "GET /x HTTP/1.1\rX\r\nHost: a\r\n\r\n"),
                RawMessage.of("in a value", "GET /x HTTP/1.1\r\nHost: a\r\nX: y\rZ: a\r\n\r\n"),
                RawMessage.of("at a value's end", "GET /x HTTP/1.1\r\nHost: a\r\nX: y\r\r\n\r\n"),
                RawMessage.of("in a name", "GET /x HTTP/1.1\r\nHost: a\r\nX\rY: z\r\n\r\n"),
                RawMessage.of("as a line", "GET /x HTTP/1.1\r\nHost: a\r\n\r\r\n\r\n"));
    }

    @Test
    void an_empty_line_before_a_request_is_left_out() throws Exception {
        Verdict.arrives(proxy, "\r\nGET /x HTTP/1.1\r\nHost: a\r\n\r\n", "GET /x HTTP/1.1", "");
    }

    /** As old clients send it behind a POST (RFC 9112, 2.2). */
    @Test
    void an_empty_line_behind_a_body_is_left_out() throws Exception {
        Verdict.arrives(
                proxy, "POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nab\r\n", "POST /x HTTP/1.1", "ab");
    }
}
