package dev.pointsman.balancer.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.balancer.testkit.Head;
import dev.pointsman.balancer.testkit.Message;
import dev.pointsman.balancer.testkit.ScriptedUpstream;
import dev.pointsman.balancer.testkit.TestProxy;
import dev.pointsman.balancer.testkit.Wire;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What of a head goes through, what stays behind, and what is added. */
class FieldsTest {
    @RegisterExtension
    private final TestProxy proxy = new TestProxy();

    @Test
    void fields_of_the_client_s_connection_are_not_passed_on() throws Exception {
        Head arrived = arrived(
                "Connection: keep-alive, X-Secret",
                "Keep-Alive: timeout=5",
                "Proxy-Connection: keep-alive",
                "Proxy-Authorization: Basic eDp5",
                "TE: trailers",
                "X-Secret: 1",
                "X-Plain: 2");

        for (String name : new String[] {
            "connection", "keep-alive", "proxy-connection", "proxy-authorization", "te", "x-secret", "upgrade"
        }) {
            assertThat(arrived.has(name)).as(name).isFalse();
        }
        assertThat(arrived.one("x-plain")).isEqualTo("2");
    }

    @Test
    void fields_of_the_upstream_s_connection_are_not_passed_on() throws Exception {
        proxy.upstream((request, wire) -> wire.respond(
                200,
                "x",
                "Connection: keep-alive, X-Secret",
                "Keep-Alive: timeout=5",
                "Proxy-Authenticate: Basic",
                "X-Secret: 1",
                "X-Plain: 2"));

        Head response = proxy.get("/").head();

        for (String name : new String[] {"keep-alive", "proxy-authenticate", "x-secret"}) {
            assertThat(response.has(name)).as(name).isFalse();
        }
        assertThat(response.all("connection")).doesNotContain("keep-alive, X-Secret");
        assertThat(response.one("x-plain")).isEqualTo("2");
    }

    @Test
    void a_client_cannot_have_the_fields_taken_off_that_say_where_it_came_from() throws Exception {
        Head arrived = arrived("Connection: X-Forwarded-For, Host, X-Forwarded-Proto");

        assertThat(arrived.one("x-forwarded-for")).isEqualTo("127.0.0.1");
        assertThat(arrived.one("host")).isEqualTo("example.com");
        assertThat(arrived.one("x-forwarded-proto")).isEqualTo("http");
    }

    @Test
    void what_a_client_says_of_where_it_came_from_is_replaced() throws Exception {
        Head arrived = arrived(
                "X-Forwarded-For: 1.2.3.4",
                "X-Forwarded-Proto: https",
                "X-Forwarded-Host: evil.example",
                "X-Forwarded-Port: 443",
                "Forwarded: for=1.2.3.4");

        assertThat(arrived.one("x-forwarded-for")).isEqualTo("127.0.0.1");
        assertThat(arrived.one("x-forwarded-proto")).isEqualTo("http");
        assertThat(arrived.one("x-forwarded-host")).isEqualTo("example.com");
        assertThat(arrived.one("x-forwarded-port")).isEqualTo(Integer.toString(proxy.port()));
        assertThat(arrived.has("forwarded")).isFalse();
    }

    @Test
    void host_stays_as_the_client_sent_it_and_this_proxy_is_named_in_via() throws Exception {
        Head arrived = arrived("Via: 1.0 other");

        assertThat(arrived.one("host")).isEqualTo("example.com");
        assertThat(arrived.all("via")).containsExactly("1.0 other", "1.1 pointsman");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/a%2Fb/%7Euser?q=%20&q=a+b", "/a//b/./c/../d", "/?", "/a?b?c=/../d", "/%zz", "/a;v=1,2/(x)!$&'*"
            })
    void path_and_query_arrive_byte_for_byte(String uri) throws Exception {
        ScriptedUpstream upstream = proxy.upstream((request, wire) -> wire.respond(200, "x"));

        assertThat(proxy.get(uri).status()).isEqualTo(200);

        assertThat(upstream.onlyRequest().head().uri()).isEqualTo(uri);
    }

    @Test
    void bytes_that_no_target_may_have_arrive_percent_encoded() throws Exception {
        ScriptedUpstream upstream = proxy.upstream((request, wire) -> wire.respond(200, "x"));

        assertThat(proxy.get("/\u00c3\u00a4?\u00ff").status()).isEqualTo(200);

        assertThat(upstream.onlyRequest().head().uri()).isEqualTo("/%C3%A4?%FF");
    }

    @Test
    void a_target_in_absolute_form_is_forwarded_in_origin_form_and_its_host_counts() throws Exception {
        ScriptedUpstream upstream = proxy.upstream((request, wire) -> wire.respond(200, "x"));
        Wire client = proxy.connect();

        client.sendHead("GET http://shop.example:8080/a%2Fb?c=d HTTP/1.1", "Host: example.com");
        assertThat(client.readMessage().status()).isEqualTo(200);

        assertThat(upstream.onlyRequest().head().uri()).isEqualTo("/a%2Fb?c=d");
        assertThat(upstream.onlyRequest().head().one("host")).isEqualTo("shop.example:8080");
    }

    @Test
    void repeated_fields_stay_repeated_and_in_order_both_ways() throws Exception {
        ScriptedUpstream upstream = proxy.upstream((request, wire) ->
                wire.respond(200, "x", "Set-Cookie: a=1; Path=/", "Set-Cookie: b=2", "X-Many: 1", "X-Many: 2"));

        Message response = proxy.get("/", "Cookie: a=1", "X-Many: one", "X-Many: two", "Accept: a, b");

        assertThat(response.head().all("set-cookie")).containsExactly("a=1; Path=/", "b=2");
        assertThat(response.head().all("x-many")).containsExactly("1", "2");
        Head arrived = upstream.onlyRequest().head();
        assertThat(arrived.all("x-many")).containsExactly("one", "two");
        assertThat(arrived.one("cookie")).isEqualTo("a=1");
        assertThat(arrived.one("accept")).isEqualTo("a, b");
    }

    @Test
    void a_response_s_own_fields_arrive_as_they_were() throws Exception {
        proxy.upstream((request, wire) -> wire.respond(
                200,
                "x",
                "Content-Encoding: gzip",
                "Server: theirs",
                "Date: Tue, 01 Jan 2030 00:00:00 GMT",
                "Location: //x"));

        Head response = proxy.get("/", "Accept-Encoding: gzip").head();

        assertThat(response.one("content-encoding")).isEqualTo("gzip");
        assertThat(response.one("server")).isEqualTo("theirs");
        assertThat(response.one("date")).isEqualTo("Tue, 01 Jan 2030 00:00:00 GMT");
        assertThat(response.one("location")).isEqualTo("//x");
    }

    private Head arrived(String... fields) throws IOException {
        ScriptedUpstream upstream = proxy.upstream((request, wire) -> wire.respond(200, "x"));
        assertThat(proxy.get("/", fields).status()).isEqualTo(200);
        return upstream.onlyRequest().head();
    }
}
