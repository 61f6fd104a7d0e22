package dev.pointsman.balancer.conformance;

import static dev.pointsman.balancer.conformance.RawMessage.head;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.balancer.testkit.Message;
import dev.pointsman.balancer.testkit.TestProxy;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Host (RFC 9112, 3.2; RFC 9110, 7.2): exactly one, with the name of a host. */
class HostTest {
    private static final String START = "GET /x HTTP/1.1";

    @RegisterExtension
    private static final TestProxy proxy = TestProxy.shared();

    @ParameterizedTest(name = "\"{0}\"")
    @ValueSource(
            strings = {
                "a",
                "A.B",
                "a.example",
                "a.example.",
                "a_b",
                "a-b",
                "1",
                "127.0.0.1",
                "a:80",
                "a:",
                "a:0",
                "a:65535",
                "a:08080",
                "[::1]",
                "[::1]:8080",
                "[::ffff:1.2.3.4]",
                "[2001:DB8::1]",
                "a;b=c",
                "a!$&'()*+,;=~",
                "%41b"
            })
    void a_valid_host_arrives_as_it_was_sent(String host) throws Exception {
        Message arrived = Verdict.arrives(proxy, head(START, "Host: " + host), START, "");

        assertThat(arrived.head().one("host")).isEqualTo(host);
    }

    @ParameterizedTest(name = "\"{0}\"")
    @MethodSource
    void a_host_that_names_none_is_refused(String host) throws Exception {
        Verdict.refused(proxy, head(START, "Host: " + host), 400);
    }

    static Stream<String> a_host_that_names_none_is_refused() {
        return Stream.of(
                "a b",
                "a\tb",
                "a, b",
                "a/b",
                "a/",
                "/a",
                "a?b",
                "a#b",
                "a@b",
                "u:p@a",
                "@a",
                "http://a",
                "a\\b",
                "a|b",
                "a^b",
                "{a}",
                "<a>",
                "\"a\"",
                "a`",
                "a:abc",
                "a:80x",
                "a:80:80",
                "a:-1",
                "a:+80",
                "a:65536",
                "a:99999",
                "a:8 0",
                "::1",
                "[::1",
                "::1]",
                "[]",
                "[zz]",
                "[::1]x",
                "[::1]80",
                "[::1]:x",
                "a]",
                "a[",
                "[1.2.3.4]",
                "%zz",
                "a%",
                "a%4",
                "a\u0000",
                "a\u0001",
                "a\u007f",
                "a\u00e9",
                "a\u0000b");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void other_than_exactly_one_host_is_refused(RawMessage row) throws Exception {
        Verdict.refused(proxy, row.text(), 400);
    }

    static Stream<RawMessage> other_than_exactly_one_host_is_refused() {
        return Stream.of(
                RawMessage.of("none", head(START, "X: y")),
                RawMessage.of("none and no field at all", head(START)),
                RawMessage.of("two that differ", head(START, "Host: a", "Host: b")),
                RawMessage.of("two alike", head(START, "Host: a", "Host: a")),
                RawMessage.of("two spellings of the name", head(START, "Host: a", "hOST: a")),
                RawMessage.of("one of them empty", head(START, "Host:", "Host: a")),
                RawMessage.of("far apart", head(START, "Host: a", "X: y", "Z: w", "Host: b")),
                RawMessage.of("two in HTTP/1.0", head("GET /x HTTP/1.0", "Host: a", "Host: b")),
                RawMessage.of("two beside absolute-form", head("GET http://b/y HTTP/1.1", "Host: b", "Host: b")),
                RawMessage.of("none beside absolute-form", head("GET http://b/y HTTP/1.1", "X: y")),
                RawMessage.of("a bad one beside absolute-form", head("GET http://b/y HTTP/1.1", "Host: a b")),
                RawMessage.of("a bad one in HTTP/1.0", head("GET /x HTTP/1.0", "Host: a b")),
                RawMessage.of("a blank before the colon", head(START, "Host : a")),
                RawMessage.of("folded", head(START, "Host: a", " b")),
                RawMessage.of("only one that looks like it", head(START, "X-Host: a")));
    }

    /** Grammar allows it, and http URLs do not (RFC 9110, 4.2.1): HAProxy passes it on, nginx refuses it. */
    @ParameterizedTest(name = "\"{0}\"")
    @ValueSource(strings = {"Host:", "Host: ", "Host:\t", "Host: :80"})
    void an_empty_host_is_refused_or_arrives(String line) throws Exception {
        Verdict.refusedOrArrives(proxy, head(START, line), START, "");
    }

    @ParameterizedTest(name = "\"{0}\"")
    @ValueSource(strings = {"Host:a", "Host:   a", "Host:\ta", "Host: a ", "Host: a\t", "host: a", "HOST: a"})
    void blanks_and_case_do_not_matter(String line) throws Exception {
        Message arrived = Verdict.arrives(proxy, head(START, line), START, "");

        assertThat(arrived.head().one("host")).isEqualTo("a");
    }

    @Test
    void a_client_of_http_1_0_may_do_without_and_the_upstream_gets_one_all_the_same() throws Exception {
        proxy.strictUpstream(
                (request, wire) -> wire.respond(200, request.head().all("host").size() + ""));

        try (var client = proxy.connect()) {
            client.send("GET /x HTTP/1.0\r\n\r\n");
            assertThat(client.readMessage().body()).isEqualTo("1");
        }
    }
}
