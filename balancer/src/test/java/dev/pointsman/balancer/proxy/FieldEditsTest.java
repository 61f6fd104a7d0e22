package dev.pointsman.balancer.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.balancer.testkit.Head;
import dev.pointsman.balancer.testkit.Message;
import dev.pointsman.balancer.testkit.ScriptedUpstream;
import dev.pointsman.balancer.testkit.TestProxy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The fields that a route changes, and the paths that it rewrites. */
class FieldEditsTest {
    @RegisterExtension
    private final TestProxy proxy = new TestProxy(
            "route=/=svc;request-headers;set=X-Client=$client-address;set=X-Id=$request-id;add=X-Tag=b;remove=X-Secret"
                    + ";response-headers;set=Server=us;set=X-From=$instance;remove=X-Powered-By;add=X-Route=$route at $path",
            "route=/re=svc;rewrite=^/re/v(\\d+)/(?P<rest>.*)$;with=/${rest}?version=$1",
            "route=/up=svc;rewrite=^/up;with=/down/.");

    @Test
    void the_instance_gets_what_the_route_says() throws Exception {
        ScriptedUpstream upstream = proxy.upstream((request, wire) -> wire.respond(200, "ok"));

        proxy.get("/", "X-Client: forged", "x-secret: s", "X-Tag: a", "X-Kept: k");

        Head arrived = upstream.onlyRequest().head();
        assertThat(arrived.all("x-client")).containsExactly("127.0.0.1");
        assertThat(arrived.one("x-id")).isEqualTo(arrived.one("x-request-id"));
        assertThat(arrived.all("x-tag")).containsExactly("a", "b");
        assertThat(arrived.has("x-secret")).isFalse();
        assertThat(arrived.one("x-kept")).isEqualTo("k");
    }

    @Test
    void the_client_gets_what_the_route_says() throws Exception {
        ScriptedUpstream upstream =
                proxy.upstream((request, wire) -> wire.respond(200, "ok", "server: them", "X-Powered-By: x"));

        Message response = proxy.get("/a%0d%0ab?q");

        assertThat(response.head().all("server")).containsExactly("us");
        assertThat(response.head().has("x-powered-by")).isFalse();
        assertThat(response.head().one("x-route")).isEqualTo("/ at /a%0d%0ab");
        assertThat(response.head().one("x-from")).isEqualTo("127.0.0.1:" + upstream.port());
    }

    @Test
    void a_response_of_the_balancer_itself_is_changed_too() throws Exception {
        Head none = proxy.get("/").head();

        assertThat(none.status()).isEqualTo(503);
        assertThat(none.one("server")).isEqualTo("us");
        assertThat(none.one("x-from")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "/re/v2/a/b,       /a/b?version=2",
        "/re/v2/a?x=1,     /a?version=2&x=1",
        "/%72e/v2/a,       /a?version=2",
        "/re/v2//evil.com, /evil.com?version=2",
        "/re/other%2Fx?y,  /re/other%2Fx?y",
    })
    void a_path_is_rewritten_by_an_expression(String sent, String arrived) throws Exception {
        ScriptedUpstream upstream = proxy.upstream((request, wire) -> wire.respond(200, "ok"));

        assertThat(proxy.get(sent).status()).isEqualTo(200);

        assertThat(upstream.onlyRequest().head().uri()).isEqualTo(arrived);
    }

    @Test
    void a_rewriting_that_makes_a_dot_segment_is_refused() throws Exception {
        ScriptedUpstream upstream = proxy.upstream((request, wire) -> wire.respond(200, "ok"));

        assertThat(proxy.get("/up/x").status()).isEqualTo(400);

        assertThat(upstream.received()).isEmpty();
    }
}
