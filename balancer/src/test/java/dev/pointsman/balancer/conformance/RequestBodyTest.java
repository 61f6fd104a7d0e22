package dev.pointsman.balancer.conformance;

import static dev.pointsman.balancer.conformance.RawMessage.head;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.balancer.testkit.Message;
import dev.pointsman.balancer.testkit.TestProxy;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Which requests have a body (RFC 9112, 6.3; RFC 9110, 8.6 and 9.3). */
class RequestBodyTest {
    private static final String EMPTY_CHUNKED = "0\r\n\r\n";
    private static final String HIDDEN = "GET /hidden HTTP/1.1\r\nHost: a\r\n\r\n";

    @RegisterExtension
    private static final TestProxy proxy = TestProxy.shared();

    private static String post(String... fields) {
        return "POST /x HTTP/1.1\r\nHost: a\r\n" + String.join("\r\n", fields) + "\r\n\r\n";
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void fields_that_only_look_like_framing_frame_nothing(String field) throws Exception {
        Message arrived = Verdict.arrives(proxy, post(field), "POST /x HTTP/1.1", "");

        assertThat(arrived.head().one(field.substring(0, field.indexOf(':'))))
                .isEqualTo(field.substring(field.indexOf(':') + 2));
    }

    /** The first is how vertx-core reads Content-Length, CVE-2026-102479. */
    static Stream<String> fields_that_only_look_like_framing_frame_nothing() {
        return Stream.of(
                "Content-Xength: 40",
                "Content_Length: 40",
                "Content-Lengt: 40",
                "Content-Lengthx: 40",
                "X-Content-Length: 40",
                "ContentLength: 40",
                "Content.Length: 40",
                "Transfer_Encoding: chunked",
                "Transfer-Encodin: chunked",
                "Transfer-Encodingx: chunked",
                "X-Transfer-Encoding: chunked");
    }

    @ParameterizedTest(name = "{0} with a {1} body")
    @MethodSource
    void any_method_may_have_a_body_and_it_is_no_request(String method, String framing) throws Exception {
        boolean chunked = framing.equals("chunked");
        String field = chunked ? "Transfer-Encoding: chunked" : "Content-Length: " + HIDDEN.length();
        String body =
                chunked ? Integer.toHexString(HIDDEN.length()) + "\r\n" + HIDDEN + "\r\n" + EMPTY_CHUNKED : HIDDEN;

        String start = method + " /x HTTP/1.1";
        Verdict.arrives(proxy, head(start, "Host: a", field) + body, start, HIDDEN);
    }

    static Stream<Object[]> any_method_may_have_a_body_and_it_is_no_request() {
        return Stream.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "REPORT", "PROPFIND")
                .flatMap(method -> Stream.of(new Object[] {method, "counted"}, new Object[] {method, "chunked"}));
    }

    @ParameterizedTest(name = "{0}, and Content-Length: {1}")
    @MethodSource
    void without_a_body_no_framing_is_invented_and_none_is_lost(String method, String length) throws Exception {
        String start = method + " /x HTTP/1.1";
        String request =
                length.isEmpty() ? head(start, "Host: a") : head(start, "Host: a", "Content-Length: " + length);

        Message arrived = Verdict.arrives(proxy, request, start, "");

        assertThat(arrived.head().has("transfer-encoding")).isFalse();
        assertThat(arrived.head().all("content-length")).hasSize(length.isEmpty() ? 0 : 1);
    }

    /** A POST of nothing without a length (9110, 8.6) may get one on its way; the others have none to get. */
    static Stream<Object[]> without_a_body_no_framing_is_invented_and_none_is_lost() {
        return Stream.of("GET", "HEAD", "DELETE", "OPTIONS", "BREW", "POST", "PUT", "PATCH")
                .flatMap(method -> Stream.of(new Object[] {method, ""}, new Object[] {method, "0"}));
    }
}
