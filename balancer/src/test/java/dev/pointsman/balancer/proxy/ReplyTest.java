package dev.pointsman.balancer.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.balancer.testkit.Message;
import dev.pointsman.balancer.testkit.ScriptedUpstream;
import dev.pointsman.balancer.testkit.TestProxy;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client is told in an upstream's place, and the id that goes with it. */
class ReplyTest {
    @RegisterExtension
    private final TestProxy proxy = new TestProxy();

    @ParameterizedTest
    @ValueSource(strings = {"application/json", "application/problem+json;q=0.9, */*;q=0.1", "APPLICATION/JSON"})
    void a_client_that_asks_for_json_gets_json(String accept) throws Exception {
        Message response = proxy.get("/", "Accept: " + accept);

        assertThat(response.status()).isEqualTo(503);
        assertThat(response.head().one("content-type")).isEqualTo("application/json");
        String id = response.head().one("x-request-id");
        assertThat(response.body())
                .isEqualTo("{\"status\":503,\"error\":\"no-instance\",\"message\":\"no instance of this service is"
                        + " available right now\",\"requestId\":\"" + id + "\"}\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"*/*", "text/html,application/xhtml+xml,*/*;q=0.8", "text/plain, application/json;q=0.5"})
    void any_other_client_gets_text(String accept) throws Exception {
        Message response = proxy.get("/", "Accept: " + accept);

        assertThat(response.head().one("content-type")).startsWith("text/plain");
        assertThat(response.body())
                .startsWith("503 no instance")
                .contains(response.head().one("x-request-id"));
    }

    @Test
    void no_reply_names_an_inner_address() throws Exception {
        proxy.refusingUpstream();

        Message response = proxy.get("/");

        assertThat(response.status()).isEqualTo(502);
        assertThat(response.head() + response.body()).doesNotContain("127.0.0.1");
    }

    @Test
    void an_id_is_made_for_each_request_and_one_that_anyone_sent_does_not_count() throws Exception {
        ScriptedUpstream upstream = proxy.upstream((request, wire) -> wire.respond(200, "ok"));

        proxy.get("/", "X-Request-Id: mine");
        proxy.get("/", "X-Request-Id: mine");

        assertThat(upstream.received())
                .extracting(request -> request.head().one("x-request-id"))
                .doesNotHaveDuplicates()
                .allMatch(id -> id.matches("[0-9a-f]{32}"));
    }

    @Test
    void a_trace_passes_through() throws Exception {
        ScriptedUpstream upstream = proxy.upstream((request, wire) -> wire.respond(200, "ok"));

        proxy.get("/", "traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", "tracestate: a=b");

        assertThat(upstream.onlyRequest().head().one("traceparent"))
                .isEqualTo("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
        assertThat(upstream.onlyRequest().head().one("tracestate")).isEqualTo("a=b");
    }

    @Nested
    class BehindATrustedProxy {
        @RegisterExtension
        private final TestProxy trusting = new TestProxy("trusted-proxies=127.0.0.1", "forwarded=both");

        @Test
        void its_id_is_kept_and_told_back() throws Exception {
            assertThat(trusting.get("/", "X-Request-Id: abc-1").head().one("x-request-id"))
                    .isEqualTo("abc-1");
        }

        @ParameterizedTest
        @ValueSource(strings = {"with space", "quo\"te", "back\\slash"})
        void an_id_that_could_be_taken_for_something_else_is_replaced(String id) throws Exception {
            assertThat(trusting.get("/", "X-Request-Id: " + id).head().one("x-request-id"))
                    .matches("[0-9a-f]{32}");
        }

        @Test
        void the_standard_s_forwarded_gets_an_element_for_this_hop() throws Exception {
            ScriptedUpstream upstream = trusting.upstream((request, wire) -> wire.respond(200, "ok"));

            trusting.get("/", "Forwarded: for=1.2.3.4;proto=https");

            assertThat(upstream.onlyRequest().head().all("forwarded"))
                    .containsExactly("for=1.2.3.4;proto=https", "for=127.0.0.1;host=\"example.com\";proto=http");
            assertThat(upstream.onlyRequest().head().one("x-forwarded-for")).isEqualTo("127.0.0.1");
        }
    }

    @Nested
    class InTheWordsOfTheStandardAlone {
        @RegisterExtension
        private final TestProxy standard = new TestProxy("forwarded=rfc7239");

        @Test
        void there_is_one_forwarded_field_and_nothing_that_anyone_sent() throws Exception {
            ScriptedUpstream upstream = standard.upstream((request, wire) -> wire.respond(200, "ok"));

            standard.get("/", "Forwarded: for=6.6.6.6", "X-Forwarded-For: 6.6.6.6", "X-Forwarded-Host: evil");

            assertThat(upstream.onlyRequest().head().all("forwarded"))
                    .containsExactly("for=127.0.0.1;host=\"example.com\";proto=http");
            assertThat(upstream.onlyRequest().head().has("x-forwarded-for")).isFalse();
            assertThat(upstream.onlyRequest().head().has("x-forwarded-host")).isFalse();
        }
    }
}
