package dev.pointsman.balancer.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.balancer.testkit.Head;
import dev.pointsman.balancer.testkit.ScriptedUpstream;
import dev.pointsman.balancer.testkit.TestProxy;
import dev.pointsman.balancer.testkit.Wire;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a route may do otherwise than the others. */
class RouteOptionsTest {
    private static ScriptedUpstream ok(TestProxy proxy) throws Exception {
        return proxy.upstream((request, wire) -> wire.respond(200, "ok"));
    }

    @Nested
    class Stripping {
        @RegisterExtension
        private final TestProxy proxy = new TestProxy("route=/api=svc;strip-prefix");

        @ParameterizedTest
        @CsvSource({
            "/api,               /",
            "/api/,              /",
            "/api?x=1,           /?x=1",
            "/api/users%2F7?q,   /users%2F7?q",
            "/api//a;b,          /a;b",
            "/api//evil.com/a,   /evil.com/a",
            "/api/\\evil.com/a,  /evil.com/a",
            "/api///evil.com?//, /evil.com?//",
            "/api/a//b,          /a//b",
            "/%61pi//evil.com,   /evil.com",
            "/api//,             /",
            "http://b/api//c?q,  /c?q",
            "http://b/api,       /",
            "/%61pi/users,       /users",
            "/x/../api/users?q,  /users?q",
            "/api/a/../b,        /b",
        })
        void the_prefix_is_taken_off_and_the_rest_stays_as_it_was_sent(String sent, String arrived) throws Exception {
            ScriptedUpstream upstream = ok(proxy);

            assertThat(proxy.get(sent).status()).isEqualTo(200);

            assertThat(upstream.onlyRequest().head().uri()).isEqualTo(arrived);
            assertThat(upstream.onlyRequest().head().one("x-forwarded-prefix")).isEqualTo("/api");
        }
    }

    @Nested
    class Adding {
        @RegisterExtension
        private final TestProxy proxy = new TestProxy("route=/=svc;add-prefix=/v2;host=internal.example:81");

        @Test
        void a_prefix_is_put_before_the_path_and_host_is_the_route_s() throws Exception {
            ScriptedUpstream upstream = ok(proxy);

            proxy.get("/users?q");

            Head arrived = upstream.onlyRequest().head();
            assertThat(arrived.uri()).isEqualTo("/v2/users?q");
            assertThat(arrived.all("host")).containsExactly("internal.example:81");
            assertThat(arrived.one("x-forwarded-host")).isEqualTo("example.com");
        }
    }

    @Nested
    class Replacing {
        @RegisterExtension
        private final TestProxy proxy = new TestProxy("route=/api=svc;strip-prefix;add-prefix=/v2");

        @ParameterizedTest
        @CsvSource({
            "/api,               /v2",
            "/api/,              /v2/",
            "/api//evil.com/a,   /v2/evil.com/a",
            "http://b/api//c?q,  /v2/c?q",
        })
        void the_rest_follows_the_new_prefix_after_one_slash(String sent, String arrived) throws Exception {
            ScriptedUpstream upstream = ok(proxy);

            assertThat(proxy.get(sent).status()).isEqualTo(200);

            assertThat(upstream.onlyRequest().head().uri()).isEqualTo(arrived);
        }
    }

    @Nested
    class HostOfTheInstance {
        @RegisterExtension
        private final TestProxy proxy = new TestProxy("route=/=svc;host=instance");

        @Test
        void host_is_the_address_of_the_instance() throws Exception {
            ScriptedUpstream upstream = ok(proxy);

            proxy.get("/");

            assertThat(upstream.onlyRequest().head().one("host")).isEqualTo("127.0.0.1:" + upstream.port());
        }
    }

    @Nested
    class Limiting {
        @RegisterExtension
        private final TestProxy proxy = new TestProxy("max-body=1k", "route=/=svc;max-body=4;response-timeout=200ms");

        @Test
        void a_body_that_is_stated_to_be_larger_is_refused_before_it_comes() throws Exception {
            ScriptedUpstream upstream = ok(proxy);
            Wire client = proxy.connect();

            TestProxy.sendRequest(client, "POST", "/", "Content-Length: 5");

            assertThat(client.readMessage().status()).isEqualTo(413);
            assertThat(client.ends()).isTrue();
            assertThat(upstream.received()).isEmpty();
        }

        @Test
        void a_body_that_turns_out_to_be_larger_is_refused_and_never_whole_for_the_upstream() throws Exception {
            ScriptedUpstream upstream = ok(proxy);
            Wire client = proxy.connect();

            TestProxy.sendRequest(client, "POST", "/", "Transfer-Encoding: chunked");
            client.send("3\r\nabc\r\n3\r\ndef\r\n");

            assertThat(client.readMessage().status()).isEqualTo(413);
            assertThat(client.ends()).isTrue();
            assertThat(upstream.received()).isEmpty();
        }

        @Test
        void a_body_of_just_that_size_passes() throws Exception {
            ok(proxy);

            assertThat(proxy.post("/", "data").status()).isEqualTo(200);
        }

        @Test
        void a_response_is_waited_for_as_long_as_the_route_says() throws Exception {
            proxy.upstream((request, wire) -> wire.ends());

            assertThat(proxy.get("/").status()).isEqualTo(504);
        }
    }
}
