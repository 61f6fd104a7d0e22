package dev.pointsman.balancer.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.balancer.testkit.Head;
import dev.pointsman.balancer.testkit.Message;
import dev.pointsman.balancer.testkit.ScriptedUpstream;
import dev.pointsman.balancer.testkit.TestProxy;
import dev.pointsman.balancer.testkit.Wire;
import java.time.Duration;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a request has to pass before it is forwarded. */
class GateTest {
    private static ScriptedUpstream ok(TestProxy proxy, String... fields) throws Exception {
        return proxy.upstream((request, wire) -> wire.respond(200, "ok", fields));
    }

    @Nested
    class Access {
        @RegisterExtension
        private final TestProxy proxy = new TestProxy(
                "route=/=svc;allow=10.0.0.0/8,2001:db8::/32;deny=10.6.0.0/16", "trusted-proxies=127.0.0.1");

        @ParameterizedTest
        @CsvSource({
            "10.1.2.3, 200",
            "10.6.2.3, 403",
            "::ffff:10.6.2.3, 403",
            "'10.1.2.3, 203.0.113.9', 403",
            "2001:db8::9, 200",
            "nonsense, 403",
        })
        void networks_are_those_of_the_client_that_trusted_proxies_name(String client, int status) throws Exception {
            ScriptedUpstream upstream = ok(proxy);

            assertThat(proxy.get("/", "X-Forwarded-For: " + client).status()).isEqualTo(status);

            assertThat(upstream.received()).hasSize(status == 200 ? 1 : 0);
        }
    }

    @Nested
    class Around {
        @RegisterExtension
        private final TestProxy proxy = new TestProxy("route=/=svc", "route=/admin=svc;allow=10.0.0.0/8");

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "/admin;x",
                    "/;x/admin",
                    "/./;/admin",
                    "/%2fadmin",
                    "/\\admin",
                    "/admin%2fx",
                    "/admin%5cx",
                    "/admin%3bx",
                    "//admin;x/y",
                    "/a;b/..;/admin"
                })
        void no_spelling_that_instances_fold_leads_around_a_guarded_route(String path) throws Exception {
            ScriptedUpstream upstream = ok(proxy);

            assertThat(proxy.get(path).status()).isEqualTo(400);

            assertThat(upstream.received()).isEmpty();
        }

        @ParameterizedTest
        @CsvSource({
            "/a;x, 200",
            "/a%2Fb, 200",
            "/a%2Fadmin, 200",
            "/administrator;x, 200",
            "/admin, 403",
            "/admin/;x, 403",
        })
        void other_paths_go_where_they_went(String path, int status) throws Exception {
            ok(proxy);

            assertThat(proxy.get(path).status()).isEqualTo(status);
        }
    }

    @Nested
    class Redirecting {
        @RegisterExtension
        private final TestProxy proxy = new TestProxy(
                "route=/=;redirect=308,https://$host$path",
                "route=/new=;redirect=302,/x?to=$query",
                "route=/sub=;redirect=301,$path");

        @ParameterizedTest
        @CsvSource({
            "/a/b?c=d,         https://example.com/a/b?c=d",
            "//evil.com/x,     https://example.com/evil.com/x",
            "/\\evil.com,      https://example.com/evil.com",
            "/a%0d%0aX:y,      https://example.com/a%0d%0aX:y",
            "/$host/$query?q,  https://example.com/$host/$query?q",
            "/new?a&b,         /x?to=a&b",
            "/sub//evil.com,   /sub//evil.com",
        })
        void it_leads_where_the_route_says_whatever_is_sent(String sent, String location) throws Exception {
            Message reply = proxy.get(sent);

            assertThat(reply.head().one("location")).isEqualTo(location);
            assertThat(reply.body()).isEmpty();
        }

        @Test
        void a_request_with_a_body_is_redirected_and_the_connection_goes_on() throws Exception {
            Wire client = proxy.connect();
            TestProxy.sendRequest(client, "POST", "/a", "Content-Length: 3");
            client.send("abc");
            assertThat(client.readMessage().status()).isEqualTo(308);

            TestProxy.sendRequest(client, "GET", "/b");

            assertThat(client.readMessage().head().one("location")).isEqualTo("https://example.com/b");
        }
    }

    @Nested
    class Limiting {
        @RegisterExtension
        private final TestProxy proxy = new TestProxy(
                "route=/=svc;rate-limit=1/s;burst=2",
                "route=/key=svc;rate-limit=1/h;burst=1;by=header:X-Key",
                "trusted-proxies=127.0.0.1");

        @Test
        void beyond_the_burst_clients_are_asked_to_come_back() throws Exception {
            ScriptedUpstream upstream = ok(proxy);
            assertThat(proxy.get("/").status()).isEqualTo(200);
            assertThat(proxy.get("/").status()).isEqualTo(200);

            Head refused = proxy.get("/").head();

            assertThat(refused.status()).isEqualTo(429);
            assertThat(refused.one("retry-after")).isEqualTo("1");
            assertThat(refused.one("ratelimit")).isEqualTo("\"default\";r=0;t=1");
            assertThat(refused.one("ratelimit-policy")).isEqualTo("\"default\";q=1;w=1");
            assertThat(upstream.received()).hasSize(2);
            assertThat(proxy.get("/", "X-Forwarded-For: 192.0.2.9").status()).isEqualTo(200);
            proxy.turnClock(Duration.ofSeconds(1));
            assertThat(proxy.get("/").status()).isEqualTo(200);
            assertThat(proxy.get("/").status()).isEqualTo(429);
        }

        @Test
        void requests_are_told_apart_by_a_field_and_without_it_by_the_client() throws Exception {
            ok(proxy);

            assertThat(proxy.get("/key", "X-Key: a").status()).isEqualTo(200);
            assertThat(proxy.get("/key", "X-Key: a").status()).isEqualTo(429);
            assertThat(proxy.get("/key", "X-Key: b").status()).isEqualTo(200);
            assertThat(proxy.get("/key").status()).isEqualTo(200);
            assertThat(proxy.get("/key").status()).isEqualTo(429);
        }
    }

    @Nested
    class OtherOrigins {
        @RegisterExtension
        private final TestProxy proxy = new TestProxy(
                "route=/=svc;cors=https://app.example.com,https://*.example.org;methods=GET,PUT;credentials;max-age=1m;expose=X-A",
                "route=/all=svc;cors=*",
                "route=/closed=svc;cors=https://app.example.com;deny=0.0.0.0/0");

        @Test
        void a_preflight_is_answered_without_an_instance() throws Exception {
            ScriptedUpstream upstream = ok(proxy);

            Head answer = preflight("/", "https://a.b.example.org");

            assertThat(answer.status()).isEqualTo(204);
            assertThat(answer.one("access-control-allow-origin")).isEqualTo("https://a.b.example.org");
            assertThat(answer.one("access-control-allow-methods")).isEqualTo("GET, PUT");
            assertThat(answer.one("access-control-allow-headers")).isEqualTo("X-Token");
            assertThat(answer.one("access-control-allow-credentials")).isEqualTo("true");
            assertThat(answer.one("access-control-max-age")).isEqualTo("60");
            assertThat(answer.one("vary")).contains("Origin").contains("Access-Control-Request-Method");
            assertThat(upstream.received()).isEmpty();
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "https://example.org",
                    "https://evil.com/.example.org",
                    "https://evilexample.org",
                    "http://app.example.com",
                    "https://app.example.com.evil.com",
                    "https://app.example.com:444",
                    "null",
                })
        void other_origins_are_told_nothing(String origin) throws Exception {
            ok(proxy, "Access-Control-Allow-Origin: *");

            assertThat(preflight("/", origin).has("access-control-allow-origin"))
                    .isFalse();
            Head answer = proxy.get("/", "Origin: " + origin).head();
            assertThat(answer.has("access-control-allow-origin")).isFalse();
            assertThat(answer.one("vary")).isEqualTo("Origin");
        }

        @Test
        void what_the_instance_says_of_it_is_replaced() throws Exception {
            ok(proxy, "Access-Control-Allow-Origin: *", "Vary: Accept");

            Head answer = proxy.get("/", "Origin: https://app.example.com").head();

            assertThat(answer.all("access-control-allow-origin")).containsExactly("https://app.example.com");
            assertThat(answer.one("access-control-expose-headers")).isEqualTo("X-A");
            assertThat(answer.one("vary")).isEqualTo("Accept, Origin");
        }

        @Test
        void any_origin_is_a_star_and_responses_do_not_vary() throws Exception {
            ok(proxy);

            Head answer = proxy.get("/all", "Origin: https://anyone.example").head();

            assertThat(answer.one("access-control-allow-origin")).isEqualTo("*");
            assertThat(answer.has("vary")).isFalse();
        }

        @Test
        void a_refusal_can_be_read_by_the_page() throws Exception {
            Head answer =
                    proxy.get("/closed", "Origin: https://app.example.com").head();

            assertThat(answer.status()).isEqualTo(403);
            assertThat(answer.one("access-control-allow-origin")).isEqualTo("https://app.example.com");
        }

        private Head preflight(String path, String origin) throws Exception {
            return proxy.request(
                            "OPTIONS",
                            path,
                            "Origin: " + origin,
                            "Access-Control-Request-Method: PUT",
                            "Access-Control-Request-Headers: X-Token")
                    .head();
        }
    }
}
