package dev.pointsman.balancer.conformance;

import static dev.pointsman.balancer.conformance.RawMessage.head;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.balancer.testkit.Message;
import dev.pointsman.balancer.testkit.TestProxy;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is asked for (RFC 9112, 3.2; RFC 9110, 7.7): passed on byte for byte, or refused. */
class RequestTargetTest {
    @RegisterExtension
    private static final TestProxy proxy = TestProxy.shared();

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "/",
                "/a",
                "/a/",
                "//",
                "///",
                "//a",
                "//a.b/c",
                "/a//b///c",
                "/.",
                "/./a",
                "/..",
                "/../a",
                "/a/../../b",
                "/a/..",
                "/%2e%2e/a",
                "/%2E/a",
                "/a%2Fb",
                "/a%2fb",
                "/%41",
                "/%7Ea",
                "/~a",
                "/a%20b",
                "/a+b",
                "/%00",
                "/%0d%0aX:%20y",
                "/%",
                "/%2",
                "/%zz",
                "/%%41",
                "/a;b=c;d",
                "/a;/b",
                "/a:b@c!$&'()*+,;=",
                "/*",
                "/http://b/c",
                "/a?",
                "/?",
                "/??",
                "/a?b?c",
                "/a?b=c&d=e&b=f",
                "/a?/../b",
                "/a?b=%20+%2B",
                "/a?b=//c",
                "/a?http://b/",
                "/a\"b",
                "/a<b>",
                "/a\\b",
                "/\\a",
                "/a^b`c",
                "/a{b}|c",
                "/a[b]",
                "/a?b[]=c&d={e}|f\"g\\h"
            })
    void path_and_query_arrive_as_they_were_sent(String target) throws Exception {
        Verdict.arrives(proxy, head("GET " + target + " HTTP/1.1", "Host: a"), "GET " + target + " HTTP/1.1", "");
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "/a/..%2fb",
                "/a/..%5Cb?c",
                "/a/..\\b",
                "/a/..;/b",
                "/a/%2e%2e;c/b",
                "/a/%252e%252e/b",
                "/a//../b",
                "http://b/a/..%2fc"
            })
    void a_path_with_a_dot_segment_that_not_every_reader_sees_is_refused(String target) throws Exception {
        Verdict.refused(proxy, head("GET " + target + " HTTP/1.1", "Host: a"), 400);
    }

    @ParameterizedTest(name = "{0} bytes")
    @ValueSource(ints = {1000, 4096, 8000, 8192, 12000})
    void a_long_target_arrives_whole(int length) throws Exception {
        String target = "/" + "a".repeat(length / 2) + "?" + "b".repeat(length / 2);

        Verdict.arrives(proxy, head("GET " + target + " HTTP/1.1", "Host: a"), "GET " + target + " HTTP/1.1", "");
    }

    @ParameterizedTest(name = "{0} bytes")
    @ValueSource(ints = {17_000, 40_000, 200_000})
    void a_target_beyond_the_limit_is_too_long(int length) throws Exception {
        Verdict.refused(proxy, head("GET /" + "a".repeat(length) + " HTTP/1.1", "Host: a"), 414);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = ' ',
            value = {
                "http://b/y /y b",
                "http://b / b",
                "http://b/ / b",
                "http://b?z /?z b",
                "http://b/?z /?z b",
                "http://b/y?z=http://c/ /y?z=http://c/ b",
                "http://b/a%2Fb//c/../d; /a%2Fb//c/../d; b",
                "HTTP://b/y /y b",
                "Http://B.C/y /y B.C",
                "https://b/y /y b",
                "http://b:80/y /y b:80",
                "http://b:8080/y /y b:8080",
                "http://127.0.0.1/y /y 127.0.0.1",
                "http://[::1]/y /y [::1]",
                "http://[::1]:81/y /y [::1]:81"
            })
    void absolute_form_becomes_origin_form_and_its_authority_is_the_host(String target, String origin, String host)
            throws Exception {
        Message arrived = Verdict.arrives(
                proxy, head("GET " + target + " HTTP/1.1", "Host: a"), "GET " + origin + " HTTP/1.1", "");

        assertThat(arrived.head().one("host")).isEqualTo(host);
        assertThat(arrived.head().one("x-forwarded-host")).isEqualTo(host);
    }

    @ParameterizedTest(name = "\"{0}\"")
    @MethodSource
    void a_target_in_no_known_form_is_refused(String target) throws Exception {
        Verdict.refused(proxy, head("GET " + target + " HTTP/1.1", "Host: a"), 400);
    }

    static Stream<String> a_target_in_no_known_form_is_refused() {
        return Stream.of(
                // neither a path nor a URL
                "a",
                "a/b",
                "?a",
                "*",
                "**",
                ".",
                "..",
                "%2Fa",
                "\\a",
                // authority-form is CONNECT's
                "a:80",
                "b:443",
                "[::1]:80",
                // a fragment is never sent
                "#",
                "/#",
                "/a#b",
                "/a?b#c",
                "http://b#c",
                "http://b/#c",
                // URLs without a host, or with something else in its place
                "http://",
                "http:///y",
                "http://?y",
                "http:/y",
                "http:y",
                "http:",
                "http://u@b/y",
                "http://u:p@b/y",
                "http://@b/y",
                "http://:80/y",
                "http://b:abc/y",
                "http://b:80x/y",
                "http://b:99999/y",
                "http://b:-1/y",
                "http://b:80:80/y",
                "http://[::1/y",
                "http://::1/y",
                "http://[zz]/y",
                "http://[]/y",
                "http://[::1]x/y",
                "http://b%/y",
                "http://b%zz/y",
                "http://b\\c/y",
                "http://b\"c/y",
                "http://b<c/y",
                // other schemes
                "ftp://b/y",
                "ws://b/y",
                "wss://b/y",
                "file:///y",
                "urn:x",
                "mailto:x@y",
                "javascript:1",
                "gopher://b/",
                "://b/y",
                "1http://b/y");
    }

    @ParameterizedTest(name = "\"{0}\"")
    @MethodSource
    void bytes_that_separate_or_control_are_refused(String target) throws Exception {
        Verdict.refused(proxy, head("GET " + target + " HTTP/1.1", "Host: a"), 400);
    }

    static Stream<String> bytes_that_separate_or_control_are_refused() {
        return Stream.of(
                "/a b",
                "/a\tb",
                "/a\u0000b",
                "/a\u0001b",
                "/a\u0008b",
                "/a\u000bb",
                "/a\fb",
                "/a\rb",
                "/a\nb",
                "/a\u001bb",
                "/a\u001fb",
                "/a\u007fb",
                "/a?b\u0000c",
                "/a?b\u0001c",
                "http://b\u0000/y");
    }

    @ParameterizedTest(name = "\"{0}\"")
    @CsvSource({"/\u00e4, /%E4", "/\u00c3\u00a4, /%C3%A4", "/a?b=\u00ff, /a?b=%FF", "/\u0080\u0090, /%80%90"})
    void bytes_beyond_ascii_are_refused_or_arrive_percent_encoded(String target, String encoded) throws Exception {
        Verdict.refusedOrArrives(
                proxy, head("GET " + target + " HTTP/1.1", "Host: a"), "GET " + encoded + " HTTP/1.1", "");
    }

    @Test
    void a_url_with_escapes_in_its_host_is_refused_or_arrives() throws Exception {
        Verdict.refusedOrArrives(proxy, head("GET http://b%41/y HTTP/1.1", "Host: a"), "GET /y HTTP/1.1", "");
    }

    @ParameterizedTest(name = "{0} *")
    @ValueSource(strings = {"GET", "POST", "PUT", "DELETE", "TRACE", "BREW", "options"})
    void an_asterisk_is_for_options_alone(String method) throws Exception {
        Verdict.refused(proxy, head(method + " * HTTP/1.1", "Host: a"), 400);
    }

    @ParameterizedTest(name = "CONNECT {0}")
    @ValueSource(strings = {"a:80", "a:443", "[::1]:80", "a", "/", "*", "http://a/"})
    void connect_is_not_served(String target) throws Exception {
        Verdict.refused(proxy, head("CONNECT " + target + " HTTP/1.1", "Host: a:80"), 400, 403, 405, 501);
    }
}
