package dev.pointsman.balancer.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.balancer.testkit.Head;
import dev.pointsman.balancer.testkit.Message;
import dev.pointsman.balancer.testkit.ScriptedUpstream;
import dev.pointsman.balancer.testkit.StrictReader;
import dev.pointsman.balancer.testkit.TestProxy;
import dev.pointsman.balancer.testkit.Wire;
import java.io.IOException;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Fields that concern one connection, and Via (RFC 9110, 7.6.1 and 7.6.3), both ways. */
class ConnectionFieldsTest {
    private static final String[] NAMED = {
        "X-Foo: 1", "X-Bar: 2", "Cookie: c=d", "Authorization: Basic eDp5", "Via: 1.0 z", "Accept: q/r"
    };

    @RegisterExtension
    private static final TestProxy proxy = TestProxy.shared();

    @ParameterizedTest(name = "Connection: {0} takes {1} off")
    @CsvSource(
            delimiter = '|',
            value = {
                "X-Foo | x-foo",
                "x-foo | x-foo",
                "X-FOO | x-foo",
                "close, X-Foo | x-foo",
                "X-Foo, close | x-foo",
                "keep-alive,X-Foo | x-foo",
                "X-Foo , X-Bar | x-foo x-bar",
                ",,X-Foo, | x-foo",
                "X-Foo\t,\tX-Bar | x-foo x-bar",
                "X-Foo~Connection: X-Bar | x-foo x-bar",
                "Cookie | cookie",
                "Authorization | authorization",
                "Accept, X-Foo | accept x-foo",
                "X-Fo | -",
                "X-Foo2 | -",
                "X Foo | -"
            })
    void what_a_client_s_connection_names_stays_behind_and_nothing_else(String connection, String names)
            throws Exception {
        Head arrived = arrived(NAMED, "Connection: " + connection.replace("~", "\r\n"));

        assertThat(arrived.has("connection") && !"keep-alive".equalsIgnoreCase(arrived.one("connection")))
                .as("Connection of its own at most")
                .isFalse();
        for (String field : NAMED) {
            String name = field.substring(0, field.indexOf(':')).toLowerCase(Locale.ROOT);
            boolean named = (" " + names + " ").contains(" " + name + " ");
            assertThat(arrived.has(name)).as(name).isEqualTo(!named);
        }
    }

    /** Fields without which the upstream would be told something else, or would read something else. */
    @ParameterizedTest(name = "Connection: {0}")
    @ValueSource(
            strings = {
                "Host",
                "Content-Length",
                "Transfer-Encoding",
                "X-Forwarded-For",
                "X-Forwarded-Proto",
                "X-Forwarded-Host",
                "X-Forwarded-Port",
                "X-Request-Id",
                "Via",
                "close, x-forwarded-for, content-length"
            })
    void a_client_cannot_take_off_what_the_proxy_vouches_for(String connection) throws Exception {
        ScriptedUpstream upstream = proxy.strictUpstream((request, wire) -> wire.respond(200, "ok"));

        Message response = proxy.post("/x", "hello", "Connection: " + connection);

        assertThat(response.status()).isEqualTo(200);
        Message arrived = upstream.onlyRequest();
        assertThat(arrived.body()).isEqualTo("hello");
        assertThat(arrived.head().one("host")).isEqualTo("example.com");
        assertThat(arrived.head().one("x-forwarded-for")).isEqualTo("127.0.0.1");
        assertThat(arrived.head().one("x-forwarded-proto")).isEqualTo("http");
        assertThat(arrived.head().one("x-forwarded-host")).isEqualTo("example.com");
        assertThat(arrived.head().has("via")).isTrue();
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "Keep-Alive: timeout=5",
                "Proxy-Connection: keep-alive",
                "Proxy-Authorization: Basic eDp5",
                "TE: gzip",
                "TE: trailers, deflate;q=0.5",
                "Upgrade: h2c",
                "Upgrade: websocket",
                "Upgrade: foo/2"
            })
    void what_concerns_the_client_s_connection_stays_behind_even_when_not_named(String field) throws Exception {
        String name = field.substring(0, field.indexOf(':'));

        Head arrived = arrived(new String[] {"X-Foo: 1"}, field);

        // TE: trailers says something true of this proxy too, as long as it passes trailers on.
        assertThat(arrived.all(name)).allMatch(value -> name.equals("TE") && value.equals("trailers"));
        assertThat(arrived.one("x-foo")).isEqualTo("1");
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "Keep-Alive: timeout=5",
                "Proxy-Connection: keep-alive",
                "Proxy-Authenticate: Basic realm=\"a\"",
                "Connection: X-Foo",
                "Connection: close",
                "Connection: upgrade",
                "Upgrade: h2c",
                "TE: trailers"
            })
    void what_concerns_the_upstream_s_connection_stays_behind(String field) throws Exception {
        proxy.strictUpstream((request, wire) -> wire.respond(200, "ok", field, "X-Foo: 1", "X-Bar: 2"));

        Head response = get().head();

        assertThat(response.all(field.substring(0, field.indexOf(':'))))
                .doesNotContain(field.substring(field.indexOf(':') + 2));
        assertThat(response.has("x-foo")).isEqualTo(!field.equals("Connection: X-Foo"));
        assertThat(response.one("x-bar")).isEqualTo("2");
    }

    @ParameterizedTest(name = "Connection: {0}")
    @ValueSource(strings = {"Content-Length", "Transfer-Encoding", "Set-Cookie", "close, Content-Length"})
    void an_upstream_cannot_break_its_own_framing(String connection) throws Exception {
        proxy.strictUpstream((request, wire) -> wire.respond(200, "ok", "Connection: " + connection, "X-Bar: 2"));

        Message response = get();

        assertThat(response.body()).isEqualTo("ok");
        assertThat(response.head().one("content-length")).isEqualTo("2");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "X: y | ''",
                "Via: 1.0 a | '1.0 a, '",
                "Via: 1.0 a, 1.1 b (c) | '1.0 a, 1.1 b (c), '",
                "Via: 1.0 a~Via: 1.1 b | '1.0 a, 1.1 b, '",
                "Via: HTTP/2.0 a:80 | 'HTTP/2.0 a:80, '"
            })
    void this_proxy_is_the_last_in_via(String sent, String before) throws Exception {
        Head arrived = arrived(new String[0], sent.replace("~", "\r\n"));

        String joined = String.join(", ", arrived.all("via"));
        assertThat(joined).startsWith(before);
        assertThat(joined.substring(before.length())).matches("1\\.1 [^ ,]+");
    }

    @Test
    void a_client_s_version_is_told_in_via_and_the_upstream_is_spoken_to_in_the_proxy_s_own() throws Exception {
        ScriptedUpstream upstream = proxy.strictUpstream((request, wire) -> wire.respond(200, "ok"));
        Wire client = proxy.connect();

        client.sendHead("GET /x HTTP/1.0", "Host: a");

        assertThat(client.readMessage().status()).isEqualTo(200);
        // 9110, 7.6.3: the protocol by which the message was received.
        assertThat(upstream.onlyRequest().head().one("via")).startsWith("1.0 ");
        assertThat(upstream.onlyRequest().head().start()).endsWith("HTTP/1.1");
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"1.2.3.4", "1.2.3.4, 5.6.7.8", "unknown", "\"[::1]:80\"", "127.0.0.1", ""})
    void where_a_request_came_from_is_not_for_the_client_to_say(String said) throws Exception {
        Head arrived = arrived(
                new String[0],
                "X-Forwarded-For: " + said,
                "x-forwarded-for: 9.9.9.9",
                "X-Forwarded-Proto: https",
                "X-Forwarded-Host: evil",
                "X-Forwarded-Port: 443",
                "Forwarded: for=1.2.3.4;proto=https");

        assertThat(arrived.all("x-forwarded-for")).containsExactly("127.0.0.1");
        assertThat(arrived.all("x-forwarded-proto")).containsExactly("http");
        assertThat(arrived.all("x-forwarded-host")).containsExactly("example.com");
        assertThat(arrived.all("x-forwarded-port")).hasSize(1).doesNotContain("443");
        assertThat(arrived.all("forwarded")).noneMatch(value -> value.contains("1.2.3.4"));
    }

    private static Head arrived(String[] fields, String... more) throws IOException {
        ScriptedUpstream upstream = proxy.strictUpstream((request, wire) -> wire.respond(200, "ok"));
        String[] all = Stream.concat(Stream.of(fields), Stream.of(more)).toArray(String[]::new);
        assertThat(proxy.get("/x", all).status()).isEqualTo(200);
        return upstream.onlyRequest().head();
    }

    private static Message get() throws IOException {
        Wire client = proxy.connect();
        TestProxy.sendRequest(client, "GET", "/x");
        return new StrictReader(client).readResponse("GET");
    }
}
