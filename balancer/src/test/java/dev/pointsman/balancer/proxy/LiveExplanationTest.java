package dev.pointsman.balancer.proxy;

import static dev.pointsman.balancer.testkit.TestProxy.sendRequest;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.balancer.testkit.Head;
import dev.pointsman.balancer.testkit.Message;
import dev.pointsman.balancer.testkit.ScriptedUpstream;
import dev.pointsman.balancer.testkit.TestProxy;
import dev.pointsman.balancer.testkit.Wire;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The explanation that a request gets in its own response. */
class LiveExplanationTest {
    private static final String SECRET = "0123456789abcdef";
    private static final String ON = "explain-secret=" + SECRET;
    private static final String ASK = "X-Pointsman-Explain: " + SECRET;
    private static final String MS = "\\d+\\.\\d{1,3}";

    private static ScriptedUpstream ok(TestProxy proxy, String... fields) throws Exception {
        return proxy.upstream((request, wire) -> wire.respond(200, "ok", fields));
    }

    private static void assertNotExplained(Head head) {
        assertThat(head.fields())
                .extracting(Map.Entry::getKey)
                .noneMatch(name -> name.toLowerCase(java.util.Locale.ROOT).startsWith("x-pointsman"));
        assertThat(head.has("vary")).isFalse();
        assertThat(head.has("cache-control")).isFalse();
    }

    @Nested
    class Off {
        @RegisterExtension
        private final TestProxy proxy = new TestProxy();

        @Test
        void the_field_passes_as_any_other_and_nothing_is_explained() throws Exception {
            ScriptedUpstream upstream = ok(proxy);

            Head head = proxy.get("/", ASK).head();

            assertNotExplained(head);
            assertThat(upstream.onlyRequest().head().one("x-pointsman-explain")).isEqualTo(SECRET);
        }

        @Test
        void the_secret_of_a_reload_counts_for_the_next_request() throws Exception {
            ok(proxy);
            proxy.reload(ON);
            assertThat(proxy.get("/", ASK).head().has("x-pointsman-route")).isTrue();

            proxy.reload("explain-secret=another-secret-of-ours");

            assertNotExplained(proxy.get("/", ASK).head());
            assertThat(proxy.get("/", "X-Pointsman-Explain: another-secret-of-ours")
                            .head()
                            .has("x-pointsman-route"))
                    .isTrue();
            proxy.reload();
            assertNotExplained(proxy.get("/", "X-Pointsman-Explain: another-secret-of-ours")
                    .head());
        }
    }

    @Nested
    class On {
        @RegisterExtension
        private final TestProxy proxy = new TestProxy(
                ON,
                "route=/=svc",
                "route=/api=svc;strip-prefix;host=inner.example",
                "route=/old=;redirect=301,/new$path",
                "route=/few=svc;allow=127.0.0.0/8;rate-limit=1/h;burst=1",
                "route=/far=svc;allow=10.0.0.0/8",
                "route=/slow=svc;response-timeout=60ms",
                "route=/own=svc;response-headers;set=X-Pointsman-Route=forged");

        @Test
        void route_instance_attempt_and_what_was_sent_are_told() throws Exception {
            ScriptedUpstream upstream = ok(proxy);

            Head head = proxy.get("/api/a?b=c", ASK).head();

            String address = "127.0.0.1:" + upstream.port();
            assertThat(head.one("x-pointsman-result")).matches("200;by=instance;total=" + MS);
            assertThat(head.one("x-pointsman-route"))
                    .matches("\"/api\";to=\"svc\";source=file;place=\"[^\"]+\";table=1");
            assertThat(head.one("x-pointsman-instance")).isEqualTo("\"u0\";address=\"" + address + "\"");
            assertThat(head.one("x-pointsman-attempts"))
                    .matches("\"u0\";address=\"" + address + "\";status=200;start=" + MS + ";connect=" + MS + ";head="
                            + MS);
            assertThat(head.one("x-pointsman-pool")).startsWith("\"u0\";verdict=\"ready\";in-flight=1");
            assertThat(head.one("x-pointsman-sent")).isEqualTo("target=\"/a?b=c\", host=\"inner.example\"");
            assertThat(head.has("x-pointsman-gates")).isFalse();
        }

        @Test
        void the_second_request_on_a_connection_says_that_it_is_used_again() throws Exception {
            ok(proxy);
            assertThat(proxy.get("/", ASK).head().one("x-pointsman-attempts")).doesNotContain(";reused");

            assertThat(proxy.get("/", ASK).head().one("x-pointsman-attempts")).contains(";reused;connect=");
        }

        @Test
        void a_retry_shows_both_attempts_and_why() throws Exception {
            proxy.rawUpstream(Wire::readMessage);
            ok(proxy);

            Head head = proxy.get("/", ASK).head();

            assertThat(head.one("x-pointsman-attempts"))
                    .matches("\"u0\";address=\"[^\"]+\";failure=broken-response;start=" + MS + ";connect=" + MS
                            + ";failed=" + MS + ";then=retry, \"u1\";.*;status=200;.*");
            assertThat(head.one("x-pointsman-instance")).startsWith("\"u1\";");
        }

        @Test
        void of_many_attempts_and_instances_some_are_shown_and_the_rest_is_counted() throws Exception {
            for (int i = 0; i < 12; i++) {
                proxy.refusingUpstream();
            }

            Head head = proxy.get("/", ASK).head();

            assertThat(head.status()).isEqualTo(502);
            assertThat(head.one("x-pointsman-attempts"))
                    .contains(";then=retry, more;count=2, \"u")
                    .endsWith(";then=attempts-spent");
            assertThat(head.one("x-pointsman-pool")).endsWith(", more;count=4");
            assertThat(head.fields().stream()
                            .mapToInt(field ->
                                    field.getKey().length() + field.getValue().length())
                            .sum())
                    .isLessThan(8192);
        }

        @Test
        void a_request_that_must_not_be_repeated_says_so() throws Exception {
            proxy.rawUpstream(Wire::readMessage);
            ok(proxy);

            Head head = proxy.request("POST", "/", ASK, "Content-Length: 0").head();

            assertThat(head.status()).isEqualTo(502);
            assertThat(head.one("x-pointsman-result")).matches("502;by=balancer;failure=broken-response;total=" + MS);
            assertThat(head.one("x-pointsman-attempts")).endsWith(";then=not-idempotent");
            assertThat(head.has("x-pointsman-instance")).isFalse();
        }

        @Test
        void without_an_instance_the_503_names_the_route() throws Exception {
            Head head = proxy.get("/", ASK).head();

            assertThat(head.status()).isEqualTo(503);
            assertThat(head.one("x-pointsman-result")).contains("failure=no-instance");
            assertThat(head.one("x-pointsman-route")).startsWith("\"/\";to=\"svc\"");
            assertThat(head.has("x-pointsman-attempts")).isFalse();
        }

        @Test
        void a_504_says_how_long_was_waited() throws Exception {
            proxy.rawUpstream(wire -> {
                wire.readMessage();
                wire.ends();
            });

            Head head = proxy.get("/slow", ASK).head();

            assertThat(head.status()).isEqualTo(504);
            assertThat(head.one("x-pointsman-attempts"))
                    .contains(";failure=response-timeout;")
                    .endsWith(";then=not-repeated");
        }

        @Test
        void gates_say_which_of_them_responded() throws Exception {
            ok(proxy);
            assertThat(proxy.get("/few", ASK).head().one("x-pointsman-gates"))
                    .isEqualTo("access;passed, rate-limit;passed");

            Head limited = proxy.get("/few", ASK).head();
            Head far = proxy.get("/far", ASK).head();
            Head redirected = proxy.get("/old/a", ASK).head();

            assertThat(limited.status()).isEqualTo(429);
            assertThat(limited.one("x-pointsman-gates")).isEqualTo("access;passed, rate-limit;passed=?0");
            assertThat(limited.has("retry-after")).isTrue();
            assertThat(far.status()).isEqualTo(403);
            assertThat(far.one("x-pointsman-gates")).isEqualTo("access;passed=?0");
            assertThat(redirected.one("location")).isEqualTo("/new/old/a");
            assertThat(redirected.one("x-pointsman-result")).startsWith("301;by=balancer;total=");
            assertThat(redirected.one("x-pointsman-gates")).isEqualTo("redirect;passed=?0");
        }

        @Test
        void a_path_that_is_refused_is_explained_too() throws Exception {
            Head head = proxy.get("/a/..%2f..%2fb", ASK).head();

            assertThat(head.status()).isEqualTo(400);
            assertThat(head.one("x-pointsman-result")).contains("failure=ambiguous-path");
            assertThat(head.one("x-pointsman-route")).isEqualTo("none;table=1");
        }

        @ParameterizedTest
        @ValueSource(strings = {"wrong-but-as-long-", "0123456789abcde", "0123456789abcdeF", "0123456789abcdef0", ""})
        void a_wrong_secret_is_as_no_secret(String wrong) throws Exception {
            ScriptedUpstream upstream = ok(proxy);

            assertNotExplained(proxy.get("/", "X-Pointsman-Explain: " + wrong).head());

            assertThat(upstream.onlyRequest().head().has("x-pointsman-explain")).isFalse();
        }

        @Test
        void the_field_goes_no_further() throws Exception {
            ScriptedUpstream upstream = ok(proxy);
            proxy.get("/", ASK);

            assertThat(upstream.onlyRequest().head().has("x-pointsman-explain")).isFalse();
        }

        @Test
        void what_an_instance_says_by_these_names_is_replaced_and_passes_where_nothing_is_explained() throws Exception {
            ok(proxy, "X-Pointsman-Route: forged", "X-Pointsman-Gates: forged");

            Head explained = proxy.get("/", ASK).head();
            Head plain = proxy.get("/").head();

            assertThat(explained.all("x-pointsman-route")).hasSize(1).noneMatch(each -> each.equals("forged"));
            assertThat(explained.has("x-pointsman-gates")).isFalse();
            assertThat(plain.one("x-pointsman-route")).isEqualTo("forged");
            assertThat(proxy.get("/own", ASK).head().one("x-pointsman-route")).startsWith("\"/own\"");
        }

        @Test
        void no_cache_may_keep_it_and_what_the_instance_says_of_caches_is_still_seen() throws Exception {
            ok(proxy, "Cache-Control: max-age=60", "Vary: Accept", "CDN-Cache-Control: max-age=600");

            Head head = proxy.get("/", ASK).head();

            assertThat(head.all("cache-control")).containsExactly("max-age=60", "no-store");
            assertThat(head.all("cdn-cache-control")).containsExactly("max-age=600", "no-store");
            assertThat(head.all("vary")).containsExactly("Accept", "X-Pointsman-Explain");
        }

        @Test
        void responses_without_a_body_and_after_an_interim_one_are_explained() throws Exception {
            proxy.upstream((request, wire) -> {
                if (request.head().uri().equals("/304")) {
                    wire.sendHead("HTTP/1.1 304 Not Modified", "ETag: \"a\"");
                } else if (request.head().method().equals("HEAD")) {
                    wire.sendHead("HTTP/1.1 200 OK", "Content-Length: 5");
                } else {
                    wire.sendHead("HTTP/1.1 103 Early Hints", "Link: </a>");
                    wire.respond(200, "ok");
                }
            });

            assertThat(proxy.get("/304", ASK).head().one("x-pointsman-result")).startsWith("304;by=instance");
            assertThat(proxy.request("HEAD", "/", ASK).head().one("x-pointsman-result"))
                    .startsWith("200;by=instance");
            Wire client = proxy.connect();
            sendRequest(client, "GET", "/hints", ASK);
            Head hints = client.readHead();
            assertThat(hints.status()).isEqualTo(103);
            assertNotExplained(hints);
            assertThat(client.readMessage().head().has("x-pointsman-result")).isTrue();
        }

        @Test
        void quotes_in_a_path_end_no_value_and_a_long_one_is_cut() throws Exception {
            ok(proxy);

            Head quoted = proxy.get("/a%0d%0ab?c=\"d\\e", ASK).head();
            Message cut = proxy.get("/" + "\"".repeat(4000), ASK);

            assertThat(quoted.one("x-pointsman-sent")).startsWith("target=\"/a%0d%0ab?c=\\\"d\\\\e\", host=");
            assertThat(cut.head().one("x-pointsman-sent"))
                    .contains("\\\"...\", host=")
                    .hasSizeLessThan(800);
        }
    }

    @Nested
    class Waiting {
        @RegisterExtension
        private final TestProxy proxy =
                new TestProxy(ON, "max-requests=1", "queue=1", "queue-timeout=50ms", "route=/=svc");

        @Test
        void the_time_in_the_queue_is_told() throws Exception {
            proxy.rawUpstream(wire -> {
                wire.readMessage();
                wire.ends();
            });
            Wire first = proxy.connect();
            sendRequest(first, "GET", "/");

            Head head = proxy.get("/", ASK).head();

            assertThat(head.status()).isEqualTo(503);
            assertThat(head.one("x-pointsman-result"))
                    .matches("503;by=balancer;failure=queue-timeout;queue=\\d{2,}\\.\\d+;total=" + MS);
            first.close();
        }
    }

    @Nested
    class NoRoute {
        @RegisterExtension
        private final TestProxy proxy = new TestProxy(ON, "route=/a=svc");

        @Test
        void a_404_says_which_table_was_asked() throws Exception {
            Head head = proxy.get("/b", ASK).head();

            assertThat(head.status()).isEqualTo(404);
            assertThat(head.one("x-pointsman-result")).contains(";failure=no-route;");
            assertThat(head.one("x-pointsman-route")).isEqualTo("none;table=1");
            assertThat(head.all("cache-control")).containsExactly("no-store");
        }
    }
}
