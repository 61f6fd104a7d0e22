package dev.pointsman.balancer.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.balancer.testkit.Head;
import dev.pointsman.balancer.testkit.Message;
import dev.pointsman.balancer.testkit.TestProxy;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Status lines and fields of an upstream's responses (RFC 9112, 4 and 5; RFC 9110, 15). */
class ResponseHeadsTest {
    private static final String OK = "HTTP/1.1 200 OK\r\n";
    private static final String REST = "Content-Length: 2\r\n\r\nok";

    @RegisterExtension
    private static final TestProxy proxy = TestProxy.shared();

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "200", "201", "202", "203", "206", "207", "226", "299", "300", "301", "302", "303", "307", "308", "400",
                "401", "402", "403", "404", "405", "407", "408", "409", "410", "411", "412", "413", "414", "415", "416",
                "417", "418", "421", "422", "425", "426", "428", "429", "431", "451", "499", "500", "501", "502", "503",
                "504", "505", "511", "599"
            })
    void any_final_status_passes_with_its_reason_and_body(String status) throws Exception {
        Message response = ResponseVerdict.passes(proxy, "HTTP/1.1 " + status + " Any reason, (really)\r\n" + REST);

        assertThat(response.head().start()).isEqualTo("HTTP/1.1 " + status + " Any reason, (really)");
        assertThat(response.body()).isEqualTo("ok");
    }

    @ParameterizedTest(name = "\"{0}\"")
    @ValueSource(
            strings = {
                "HTTP/1.1 200",
                "HTTP/1.1 200 ",
                "HTTP/1.1 200 O",
                "HTTP/1.1 200 OK  fine\tindeed",
                "HTTP/1.1 200 \u00e9\u00ff",
                "HTTP/1.0 200 OK",
                "HTTP/1.2 200 OK",
                "HTTP/1.9 200 OK"
            })
    void a_status_line_may_lack_a_reason_and_be_of_another_minor_version(String line) throws Exception {
        Message response = ResponseVerdict.passes(proxy, line + "\r\n" + REST);

        assertThat(response.status()).isEqualTo(200);
        assertThat(response.head().start()).startsWith("HTTP/1.1 200 ");
        assertThat(response.body()).isEqualTo("ok");
    }

    @ParameterizedTest(name = "\"{0}\"")
    @MethodSource
    void a_line_that_is_no_status_line_is_a_bad_gateway(String line) throws Exception {
        ResponseVerdict.isBadGateway(proxy, line + "\r\n" + REST);
    }

    static Stream<String> a_line_that_is_no_status_line_is_a_bad_gateway() {
        return Stream.of(
                "",
                " ",
                "garbage",
                "200 OK",
                "OK",
                "HTTP/1.1",
                "HTTP/1.1 ",
                "HTTP/1.1 OK",
                "HTTP/1.1 OK 200",
                "HTTP/1.1 20 OK",
                "HTTP/1.1 2 OK",
                "HTTP/1.1 2000 OK",
                "HTTP/1.1 0200 OK",
                "HTTP/1.1 000 OK",
                "HTTP/1.1 099 OK",
                "HTTP/1.1 99 OK",
                "HTTP/1.1 -20 OK",
                "HTTP/1.1 -200 OK",
                "HTTP/1.1 +200 OK",
                "HTTP/1.1 2x0 OK",
                "HTTP/1.1 2.0 OK",
                "HTTP/1.1 abc OK",
                "HTTP/1.1 0xC8 OK",
                "HTTP/1.1 \u0662\u0660\u0660 OK",
                "HTTP/1.1 200OK",
                "HTTP/1.1200 OK",
                "HTTP/2 200 OK",
                "HTTP/2.0 200 OK",
                "HTTP/0.9 200 OK",
                "HTTP/3.0 200 OK",
                "HTTP/1.10 200 OK",
                "HTTP/01.1 200 OK",
                "HTTP/1 200 OK",
                "HTTP/1. 200 OK",
                "HTTP/.1 200 OK",
                "HTTP 200 OK",
                "http/1.1 200 OK",
                "HTTPS/1.1 200 OK",
                "XHTTP/1.1 200 OK",
                "ICY 200 OK",
                "RTSP/1.0 200 OK",
                "SIP/2.0 200 OK",
                " HTTP/1.1 200 OK",
                "\tHTTP/1.1 200 OK",
                "\u0000HTTP/1.1 200 OK",
                "x\r\nHTTP/1.1 200 OK",
                "GET / HTTP/1.1",
                "SSH-2.0-OpenSSH_9",
                "<html>",
                "\u0015\u0003\u0003\u0000\u0002\u0002(",
                "\u0000\u0000\u0012\u0004\u0000\u0000\u0000\u0000\u0000",
                "HTTP/1.1\u000b200 OK",
                "HTTP/1.1 200 a\rb");
    }

    @ParameterizedTest(name = "\"{0}\"")
    @ValueSource(
            strings = {
                "HTTP/1.1  200 OK",
                "HTTP/1.1\t200 OK",
                "HTTP/1.1 200\tOK",
                "HTTP/1.1 200 a\u0000b",
                "HTTP/1.1 200 a\u0001b",
                "HTTP/1.1 200 a\u007fb",
                "HTTP/1.1 600 OK",
                "HTTP/1.1 999 OK",
                "\r\nHTTP/1.1 200 OK"
            })
    void a_doubtful_status_line_is_a_bad_gateway_or_put_in_order(String line) throws Exception {
        // That nothing out of form goes on is the strict reader's to say.
        Message response = ResponseVerdict.passesOrIsBadGateway(proxy, line + "\r\n" + REST);

        assertThat(response.status()).isIn(200, 600, 999, 502);
    }

    @ParameterizedTest(name = "\"{0}\"")
    @MethodSource
    void a_line_that_is_no_field_is_a_bad_gateway(String line) throws Exception {
        ResponseVerdict.isBadGateway(proxy, OK + line + "\r\n" + REST);
    }

    static Stream<String> a_line_that_is_no_field_is_a_bad_gateway() {
        return Stream.of(
                ":",
                ": y",
                "X",
                "X y",
                "X Y: z",
                "X\tY: z",
                "X@Y: z",
                "X(Y): z",
                "X/Y: z",
                "X\"Y: z",
                "X,Y: z",
                "X;Y: z",
                "X[Y: z",
                "X{Y: z",
                "X\\Y: z",
                "X=Y: z",
                "X<Y: z",
                "X\u0000: z",
                "X\u0001: z",
                "X\u007f: z",
                "X\u00e9: z",
                " X: y",
                "X: a\u0000b",
                "X: a\rb",
                "X: a\r",
                "<html>");
    }

    @ParameterizedTest(name = "\"{0}\"")
    @ValueSource(
            strings = {
                "X : y",
                "X\t: y",
                "X: a\u0001b",
                "X: a\u0008b",
                "X: a\u000bb",
                "X: a\u007fb",
                "X: a\r\n b",
                "X: a\r\n\tb",
                "X: a\nY: b",
                "X:\r\n b"
            })
    void a_doubtful_field_is_a_bad_gateway_or_put_in_order(String line) throws Exception {
        Message response = ResponseVerdict.passesOrIsBadGateway(proxy, OK + line + "\r\n" + REST);

        assertThat(response.status()).isIn(200, 502);
    }

    @ParameterizedTest(name = "\"{0}\"")
    @ValueSource(strings = {"LF everywhere", "LF behind a field", "LF as the empty line"})
    void bare_lf_is_a_bad_gateway_or_the_end_of_a_line(String where) throws Exception {
        String response =
                switch (where) {
                    case "LF everywhere" -> "HTTP/1.1 200 OK\nX: y\nContent-Length: 2\n\nok";
                    case "LF behind a field" -> "HTTP/1.1 200 OK\r\nX: y\nContent-Length: 2\r\n\r\nok";
                    default -> "HTTP/1.1 200 OK\r\nX: y\r\nContent-Length: 2\r\n\nok";
                };

        assertThat(ResponseVerdict.passesOrIsBadGateway(proxy, response).status())
                .isIn(200, 502);
    }

    @Test
    void fields_of_all_kinds_pass_unchanged_and_in_order() throws Exception {
        List<String> lines = List.of(
                "Server: theirs/1",
                "Date: Tue, 01 Jan 2030 00:00:00 GMT",
                "Set-Cookie: a=1; Path=/; Expires=Tue, 01 Jan 2030 00:00:00 GMT",
                "Set-Cookie: b=2",
                "set-cookie: c=3",
                "Content-Type: text/html; charset=\"utf-8\"",
                "Content-Encoding: gzip",
                "Content-Language: de, en",
                "Content-Disposition: attachment; filename=\"\u00e9.txt\"",
                "Cache-Control: no-cache, max-age=0",
                "Age: 5",
                "ETag: W/\"a\"",
                "Vary: Accept, Cookie",
                "Expires: 0",
                "Last-Modified: Tue, 01 Jan 2030 00:00:00 GMT",
                "Location: http://127.0.0.1/a?b#c",
                "Link: </a>; rel=\"b\", </c>",
                "WWW-Authenticate: Basic realm=\"a\"",
                "WWW-Authenticate: Bearer",
                "Allow: GET, BREW",
                "Accept-Ranges: bytes",
                "Retry-After: 120",
                "Via: 1.1 inner",
                "Warning: 199 - \"w\"",
                "Strict-Transport-Security: max-age=1",
                "Alt-Svc: h3=\":443\"",
                "Refresh: 0",
                "X-EMPTY:",
                "x-lower: \u00e9\u00ff",
                "X-Repeated: 1",
                "X-Other: y",
                "X-Repeated: 2",
                "Content-Xength: 7",
                "X_Y: z");

        Head response = ResponseVerdict.passes(proxy, OK + String.join("\r\n", lines) + "\r\n" + REST)
                .head();

        assertThat(response.fields().stream()
                        .map(field -> (field.getKey() + ": " + field.getValue()).strip())
                        .filter(lines::contains))
                .containsExactlyElementsOf(lines);
    }

    @Test
    void two_of_what_should_be_one_pass_as_two() throws Exception {
        Head response = ResponseVerdict.passes(proxy, OK + "Content-Type: a\r\nContent-Type: b\r\n" + REST)
                .head();

        assertThat(response.all("content-type")).containsExactly("a", "b");
    }

    /** RFC 9110, 6.6.1: a recipient with a clock adds Date to a response that it passes on. */
    @Test
    void a_response_without_a_date_gets_one() throws Exception {
        Head response = ResponseVerdict.passes(proxy, OK + REST).head();

        assertThat(response.one("date"))
                .matches("(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \\d\\d (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
                        + " \\d{4} \\d\\d:\\d\\d:\\d\\d GMT");
    }

    @ParameterizedTest(name = "{0} bytes")
    @ValueSource(ints = {8000, 16_000, 31_000})
    void a_long_field_passes(int length) throws Exception {
        Head response = ResponseVerdict.passes(proxy, OK + "X-Long: " + "a".repeat(length) + "\r\n" + REST)
                .head();

        assertThat(response.one("x-long")).hasSize(length);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void a_head_beyond_the_limit_is_a_bad_gateway(RawMessage row) throws Exception {
        ResponseVerdict.isBadGateway(proxy, row.text() + "\r\n" + REST);
    }

    static Stream<RawMessage> a_head_beyond_the_limit_is_a_bad_gateway() {
        return Stream.of(
                RawMessage.of("a long value", OK + "X: " + "a".repeat(100_000)),
                RawMessage.of("many fields", OK + "X: y\r\n".repeat(30_000) + "X: y"),
                RawMessage.of("a long reason", "HTTP/1.1 200 " + "a".repeat(100_000)),
                RawMessage.of("a long name", OK + "X".repeat(100_000) + ": y"));
    }
}
