package dev.pointsman.balancer.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.balancer.testkit.Message;
import dev.pointsman.balancer.testkit.TestProxy;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Fields behind a client's body in chunks (RFC 9110, 6.5; RFC 9112, 7.1.2). */
class RequestTrailersTest {
    private static final String START = "POST /x HTTP/1.1";
    private static final String HEAD = START + "\r\nHost: a\r\nTransfer-Encoding: chunked\r\n";

    @RegisterExtension
    private static final TestProxy proxy = TestProxy.shared();

    @Test
    void they_arrive_behind_the_body() throws Exception {
        Message arrived = arrives("X-Sum: 42\r\nX-Other: a\r\nX-Other: b\r\n");

        assertThat(arrived.trailers().one("x-sum")).isEqualTo("42");
        assertThat(arrived.trailers().all("x-other")).containsExactly("a", "b");
        assertThat(arrived.head().has("x-sum")).isFalse();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void what_has_to_be_known_before_the_body_counts_for_nothing_behind_it(String field) throws Exception {
        Message arrived = arrives(field + "\r\nX-Sum: 42\r\n");

        String name = field.substring(0, field.indexOf(':'));
        assertThat(arrived.trailers().has(name)).as("behind the body").isFalse();
        assertThat(arrived.head().all(name)).doesNotContain(field.substring(field.indexOf(':') + 2));
    }

    /** RFC 9110, 6.5.1: framing, routing, authentication, content and what the proxy itself vouches for. */
    static Stream<String> what_has_to_be_known_before_the_body_counts_for_nothing_behind_it() {
        return Stream.of(
                "Content-Length: 999",
                "Transfer-Encoding: identity",
                "Host: elsewhere",
                "Connection: close",
                "Trailer: X-Sum",
                "TE: gzip",
                "Upgrade: websocket",
                "Keep-Alive: timeout=1",
                "Proxy-Connection: close",
                "Authorization: Basic eDp5",
                "Content-Encoding: gzip",
                "Content-Type: text/evil",
                "Content-Range: bytes 0-1/2",
                "Expect: 100-continue",
                "Max-Forwards: 0",
                "Cache-Control: no-store",
                "X-Forwarded-For: 6.6.6.6",
                "X-Forwarded-Proto: https",
                "Forwarded: for=6.6.6.6");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void what_is_no_field_is_refused(RawMessage row) throws Exception {
        Verdict.refused(proxy, chunked(row.text()), 400, 431);
    }

    static Stream<RawMessage> what_is_no_field_is_refused() {
        return Stream.of(
                RawMessage.of("no colon", "garbage\r\n"),
                RawMessage.of("a blank before the colon", "X : 1\r\n"),
                RawMessage.of("an empty name", ": 1\r\n"),
                RawMessage.of("a name that is no token", "X@Y: 1\r\n"),
                RawMessage.of("a name with a blank", "X Y: 1\r\n"),
                RawMessage.of("a value with NUL", "X: \u0000\r\n"),
                RawMessage.of("a value with a control byte", "X: \u0001\r\n"),
                RawMessage.of("a bare LF", "X: 1\nY: 2\r\n"),
                RawMessage.of("a bare CR", "X: 1\rY: 2\r\n"),
                RawMessage.of("LF as the last line", "X: 1\r\n\n"),
                RawMessage.of("a folded first line", " X: 1\r\n"),
                RawMessage.of("more than a head may have", "X: " + "a".repeat(70_000) + "\r\n"),
                RawMessage.of("more fields than a head may have", "X: a\r\n".repeat(20_000)));
    }

    private static Message arrives(String trailers) throws Exception {
        return Verdict.arrives(proxy, chunked(trailers), START, "hello");
    }

    private static String chunked(String trailers) {
        return HEAD + "\r\n5\r\nhello\r\n0\r\n" + trailers + "\r\n";
    }
}
