package dev.pointsman.balancer.conformance;

import static dev.pointsman.balancer.conformance.RawMessage.head;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.balancer.testkit.Message;
import dev.pointsman.balancer.testkit.TestProxy;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Field lines of requests (RFC 9112, 5; RFC 9110, 5). */
class RequestFieldsTest {
    private static final String START = "GET /x HTTP/1.1";

    @RegisterExtension
    private static final TestProxy proxy = TestProxy.shared();

    @ParameterizedTest(name = "\"{0}\"")
    @MethodSource
    void a_line_that_is_no_field_is_refused(String line) throws Exception {
        Verdict.refused(proxy, head(START, "Host: a", line, "X-Last: 1"), 400);
    }

    static Stream<String> a_line_that_is_no_field_is_refused() {
        return Stream.of(
                // an empty name hides the fields behind it from some readers, CVE-2023-25725
                ":",
                ": y",
                ":y",
                " : y",
                "X",
                "X y",
                // 9112, 5.1: no blank before the colon
                "X : y",
                "X\t: y",
                "X  : y",
                "X\u000b: y",
                "X\r: y",
                "Content-Length : 0",
                "Transfer-Encoding : chunked",
                "X-Forwarded-For : 1.2.3.4",
                // 9110, 5.1: names are tokens
                "X Y: z",
                "X\tY: z",
                "X@Y: z",
                "X(Y): z",
                "X/Y: z",
                "X[Y]: z",
                "X{Y}: z",
                "X\"Y: z",
                "X,Y: z",
                "X;Y: z",
                "X=Y: z",
                "X<Y>: z",
                "X?Y: z",
                "X\\Y: z",
                "X\u0000: z",
                "X\u0001: z",
                "X\u007f: z",
                "X\u0080: z",
                "X\u00e9: z",
                "\u0000X: z",
                // 9110, 5.5: no control bytes in values
                "X: a\u0000b",
                "X: \u0000",
                "X: a\u0001b",
                "X: a\u0008b",
                "X: a\u000bb",
                "X: a\fb",
                "X: a\u001bb",
                "X: a\u001fb",
                "X: a\u007fb",
                "X: a\rb",
                "X: a\r",
                "X: \rb",
                "X: a\r\u0000");
    }

    /** RFC 9112, 2.2: a line that begins with a blank right after the request line is no field and no fold. */
    @ParameterizedTest(name = "\"{0}\"")
    @ValueSource(strings = {" X: y", "\tX: y", " ", "\t", " Host: b"})
    void a_fold_before_the_first_field_is_refused(String line) throws Exception {
        Verdict.refused(proxy, head(START, line, "Host: a"), 400);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void a_folded_value_is_refused_or_arrives_on_one_line(RawMessage row) throws Exception {
        Verdict.refusedOrArrives(proxy, head(START, "Host: a", row.text(), "X-Last: 1"), START, "");
    }

    /** RFC 9112, 5.2. The upstream's strict reader makes sure that no fold goes through. */
    static Stream<RawMessage> a_folded_value_is_refused_or_arrives_on_one_line() {
        return Stream.of(
                RawMessage.of("with a space", "X: a\r\n b"),
                RawMessage.of("with a tab", "X: a\r\n\tb"),
                RawMessage.of("twice", "X: a\r\n b\r\n c"),
                RawMessage.of("of an empty value", "X:\r\n b"),
                RawMessage.of("with nothing in the fold", "X: a\r\n "),
                RawMessage.of("what looks like a field", "X: a\r\n Content-Length: 5"),
                RawMessage.of("what looks like a coding", "X: a\r\n\tTransfer-Encoding: chunked"),
                RawMessage.of("LF only", "X: a\n b"));
    }

    @ParameterizedTest(name = "\"{0}\"")
    @MethodSource
    void a_value_arrives_without_the_blanks_around_it_and_otherwise_as_it_was(String sent) throws Exception {
        Message arrived = Verdict.arrives(proxy, head(START, "Host: a", "X-Value:" + sent), START, "");

        assertThat(arrived.head().one("x-value")).isEqualTo(trim(sent));
    }

    static Stream<String> a_value_arrives_without_the_blanks_around_it_and_otherwise_as_it_was() {
        return Stream.of(
                "",
                " ",
                "y",
                " y",
                "   y",
                "\ty",
                " y ",
                " y\t",
                " a b",
                " a  b",
                " a\tb",
                " a:b",
                " :",
                " a,b",
                " a, ,b",
                " ,",
                " \"a\\\"b\"",
                " \"a",
                " (a)",
                " a;b=\"c,d\"",
                " \u00e9\u00ff\u0080",
                " \u00c3\u00a9",
                " a\u0085b",
                " a\u00a0b",
                " =?utf-8?q?a?=",
                " %0d%0aX: y",
                " \\r\\n",
                " GET / HTTP/1.1",
                " {\"a\": 1}");
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "X",
                "x",
                "X-Lower-UPPER-mIxed",
                "1",
                "X_Y",
                "X.Y",
                "!#$%&'*+-.^_`|~",
                "Sec-CH-UA",
                "traceparent",
                "Proxy",
                "X-Real-IPs",
                "Via2"
            })
    void a_name_keeps_its_case(String name) throws Exception {
        Message arrived = Verdict.arrives(proxy, head(START, "Host: a", name + ": y"), START, "");

        assertThat(arrived.head().fields())
                .anyMatch(
                        field -> field.getKey().equals(name) && field.getValue().equals("y"));
    }

    @Test
    void fields_of_all_kinds_arrive_unchanged_and_in_order() throws Exception {
        List<String> lines = List.of(
                "User-Agent: x/1 (y)",
                "Accept: a/b;q=0.1, */*",
                "Accept-Encoding: gzip, br",
                "Cookie: a=b; c=d",
                "Cookie: e=f",
                "Authorization: Basic eDp5",
                "Range: bytes=0-1",
                "If-None-Match: \"a\", W/\"b\"",
                "If-Modified-Since: Tue, 01 Jan 2030 00:00:00 GMT",
                "Origin: http://a",
                "Referer: http://a/b",
                "Date: Tue, 01 Jan 2030 00:00:00 GMT",
                "Cache-Control: no-cache",
                "Pragma: no-cache",
                "Content-Encoding: gzip",
                "Content-Type: a/b",
                "From: a@b",
                "traceparent: 00-1-2-01",
                "X-Repeated: 1",
                "x-repeated: 2",
                "X-Repeated: 3");

        Message arrived = Verdict.arrives(proxy, head(START, "Host: a", String.join("\r\n", lines)), START, "");

        assertThat(arrived.head().fields().stream()
                        .map(field -> field.getKey() + ": " + field.getValue())
                        .filter(lines::contains))
                .containsExactlyElementsOf(lines);
    }

    @ParameterizedTest(name = "{0} fields")
    @ValueSource(ints = {50, 100})
    void many_fields_arrive(int count) throws Exception {
        Message arrived = Verdict.arrives(proxy, head(START, "Host: a", fields(count)), START, "");

        assertThat(arrived.head().one("x" + (count - 1))).isEqualTo("y");
    }

    @ParameterizedTest(name = "{0} bytes of name, {1} of value")
    @CsvSource({"10, 8000", "10, 16000", "10, 31000", "8000, 10"})
    void a_long_field_arrives(int name, int value) throws Exception {
        Message arrived =
                Verdict.arrives(proxy, head(START, "Host: a", "X".repeat(name) + ": " + "y".repeat(value)), START, "");

        assertThat(arrived.head().one("X".repeat(name))).hasSize(value);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void more_than_a_head_may_have_is_too_large(RawMessage row) throws Exception {
        Verdict.refused(proxy, head(START, "Host: a", row.text()), 431);
    }

    /** RFC 6585, 5; RFC 9110, 5.4. */
    static Stream<RawMessage> more_than_a_head_may_have_is_too_large() {
        return Stream.of(
                RawMessage.of("one long value", "X: " + "a".repeat(40_000)),
                RawMessage.of("one very long value", "X: " + "a".repeat(100_000)),
                RawMessage.of("one long name", "X".repeat(40_000) + ": y"),
                RawMessage.of("many short fields", fields(10_000)),
                RawMessage.of("many empty fields", "X:\r\n".repeat(20_000) + "X:"),
                RawMessage.of("one endless fold", "X: a" + "\r\n a".repeat(20_000)));
    }

    private static String fields(int count) {
        StringBuilder fields = new StringBuilder();
        for (int i = 0; i < count; i++) {
            fields.append(i == 0 ? "" : "\r\n").append("X").append(i).append(": y");
        }
        return fields.toString();
    }

    /** Of blanks as HTTP has them; U+0085 and U+00A0 are none. */
    private static String trim(String value) {
        return value.replaceAll("^[ \t]+|[ \t]+\\z", "");
    }
}
