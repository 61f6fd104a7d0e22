package dev.pointsman.balancer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pointsman.balancer.testkit.ScriptedUpstream;
import dev.pointsman.balancer.testkit.TestBalancer;
import dev.pointsman.testkit.TestHttp;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the admin API says of routes and instances, and of what another file would change. */
class PlanAndExplainTest {
    @RegisterExtension
    private final TestBalancer balancer = new TestBalancer();

    @Test
    void a_live_request_is_explained_whatever_its_instance_is_called_and_the_secret_is_shown_nowhere()
            throws Exception {
        String secret = "a-secret-to-explain-by";
        balancer.instance("a\"b\\c\u00e9", (request, wire) -> wire.respond(200, "ok"));
        balancer.start("explain-secret=" + secret);

        TestHttp.Reply reply = balancer.client().send("GET", "/x", null, Map.of("X-Pointsman-Explain", secret));

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.header("x-pointsman-instance")).startsWith("%\"a%22b\\c%c3%a9\";address=\"127.0.0.1:");
        assertThat(balancer.admin().get("/api/config").body()).doesNotContain(secret);
    }

    @Test
    void a_plan_replays_what_was_asked() throws Exception {
        balancer.instances("a");
        balancer.start("route=/api=svc", "route=/old=svc");
        ask(3, "/api/x?secret=1");
        ask(2, "/old/y");
        ask(1, "/none");

        JsonNode plan = plan("route:\n  /api: other\n", "application/json").json();

        assertThat(plan.path("requests").asInt()).isEqualTo(6);
        assertThat(plan.path("moved").path("requests").asInt()).isEqualTo(3);
        assertThat(plan.path("lost").path("requests").asInt()).isEqualTo(2);
        assertThat(plan.path("unrouted").asInt()).isEqualTo(1);
        assertThat(plan.path("loses").asBoolean()).isTrue();
        assertThat(plan.path("lost").path("examples").get(0).path("path").asText())
                .isEqualTo("/old/y");
        assertThat(plan.toString()).doesNotContain("secret");
        assertThat(balancer.client().get("/old/y").body()).isEqualTo("a");
    }

    @Test
    void a_plan_is_text_for_those_who_ask_for_text() throws Exception {
        balancer.instances("a");
        balancer.start("route=/api=svc");
        ask(2, "/api/x");

        TestHttp.Reply reply = plan("route:\n  /api: svc\n", "text/plain");

        assertThat(reply.header("content-type")).startsWith("text/plain");
        assertThat(reply.body())
                .startsWith("Plan: new.yaml in place of table 1 (1 routes)\n\nRequests: 2 replayed, from ")
                .contains("  2  unchanged\n  0  have a route now and would get 404\n");
    }

    @Test
    void a_wrong_file_is_refused_with_all_that_is_wrong() throws Exception {
        balancer.start("route=/=svc");

        TestHttp.Reply reply = plan("route:\n  api: svc\nnonsense: 1\n", "text/plain");

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.json().path("problems")).hasSize(2);
        assertThat(reply.json().path("problems").get(0).asText()).startsWith("new.yaml:");
    }

    @Test
    void a_plan_is_for_those_who_show_the_token_where_there_is_one() throws Exception {
        balancer.start("admin-token=a-token-of-the-operator");

        TestHttp.Reply refused = plan("route: {/: svc}\n", "application/json");
        TestHttp.Reply allowed = balancer.admin()
                .send(
                        "POST",
                        "/api/plan",
                        "route: {/: svc}\n",
                        Map.of("Authorization", "Bearer a-token-of-the-operator"));

        assertThat(refused.status()).isEqualTo(401);
        assertThat(refused.header("WWW-Authenticate")).isEqualTo("Bearer");
        assertThat(allowed.status()).as(allowed.body()).isEqualTo(200);
    }

    @Test
    void without_a_token_a_plan_tells_nothing_of_variables_and_files() throws Exception {
        balancer.start();

        String variables = plan("route: {/a: '${PATH}', /b: '${NONE:-b}'}\n", "application/json")
                .body();
        TestHttp.Reply files = plan(
                "view-file: /no/such/folder/f\nadmin-token-file: /etc/passwd\nroute: {/a: {to: x, auth: /etc/passwd}}\n",
                "application/json");

        assertThat(variables)
                .contains("new.yaml:1:13: ", "${PATH}", ": variables are not read here")
                .doesNotContain(System.getenv("PATH"), "NONE");
        assertThat(files.status()).as(files.body()).isEqualTo(200);
        assertThat(files.body()).doesNotContain("root");
    }

    @Test
    void an_explanation_names_route_and_instances_and_changes_nothing() throws Exception {
        balancer.instances("a", "b");
        balancer.consul().list("svc", "c", 9, "critical", "connection refused");
        balancer.start("route=/=web", "route=/api=svc;strip-prefix;add-prefix=/v1");

        JsonNode one = explain("http://shop.example.com/api/x?y=1");
        JsonNode two = explain("/api/x");
        String first = balancer.client().get("/api/x").body();
        String second = balancer.client().get("/api/x").body();

        assertThat(one.path("route").path("route").asText()).isEqualTo("/api");
        assertThat(one.path("notTaken").get(0).path("why").asText()).isEqualTo("its path is shorter than /api");
        assertThat(one.path("effects").path("target").asText()).isEqualTo("/v1/x?y=1");
        assertThat(one.path("effects").path("host").asText()).isEqualTo("shop.example.com (as sent)");
        assertThat(verdict(one, first)).isEqualTo("picked next");
        assertThat(verdict(two, first)).isEqualTo("picked next");
        assertThat(verdict(two, second)).isEqualTo("ready");
        assertThat(verdict(two, "c")).isEqualTo("critical");
        assertThat(two.toString()).contains("connection refused", "since 20");
        assertThat(verdict(explain("/api/x"), first)).isEqualTo("picked next");
    }

    @Test
    void an_ejected_instance_says_for_what_and_until_when() throws Exception {
        balancer.instance("bad", (request, wire) -> wire.respond(502, "bad"));
        balancer.instances("good");
        balancer.start("route=/=svc", "max-error-statuses=1", "max-ejected=100");
        ask(2, "/x");

        JsonNode explained = explain("/x");

        assertThat(verdict(explained, "bad")).isEqualTo("ejected");
        assertThat(explained.toString())
                .contains("ejected for 30 s: it responded with a server error")
                .contains("(until 20");
    }

    @Test
    void what_no_route_takes_gets_404_and_what_is_no_url_is_said() throws Exception {
        balancer.start("route=shop.example.com/=svc");

        JsonNode none = explain("http://shpo.example.com/x");

        assertThat(none.path("status").asInt()).isEqualTo(404);
        assertThat(none.path("elsewhere").get(0).path("route").asText()).isEqualTo("shop.example.com/");
        TestHttp.Reply wrong = balancer.admin().get("/api/explain?url=ftp%3A%2F%2Fx&header=nothing");
        assertThat(wrong.status()).isEqualTo(400);
        assertThat(wrong.json().path("problems")).hasSize(2);
        assertThat(balancer.admin().get("/api/explain").status()).isEqualTo(400);
    }

    @Test
    void text_for_people_is_aligned() throws Exception {
        ScriptedUpstream a = balancer.instance("a", (request, wire) -> wire.respond(200, "a"));
        balancer.start("route=/=svc");

        String text = balancer.admin()
                .send("GET", "/api/explain?url=%2Fx", null, Map.of("Accept", "text/plain"))
                .body();

        assertThat(text).isEqualTo("""
                        GET /x
                          route     / -> svc
                                    it is for any host; it takes every path
                                    from --route (file), table 1

                        svc (round-robin), next: a, if no other request comes first
                          a  127.0.0.1:%d  picked next  0 in flight

                        what it does
                          target            /x (as sent)
                          host              address and port of the instance, as none was sent
                          added             Via, X-Request-Id, X-Forwarded-For, X-Forwarded-Proto, X-Forwarded-Host, X-Forwarded-Port
                          response-timeout  30s
                        """.formatted(a.port()));
    }

    private void ask(int times, String path) {
        for (int i = 0; i < times; i++) {
            balancer.client().get(path);
        }
    }

    private TestHttp.Reply plan(String file, String accept) {
        return balancer.admin().send("POST", "/api/plan?name=new.yaml", file, Map.of("Accept", accept));
    }

    private JsonNode explain(String url) {
        return balancer.admin()
                .get("/api/explain?url=" + URLEncoder.encode(url, StandardCharsets.UTF_8))
                .json();
    }

    private static String verdict(JsonNode explained, String id) {
        for (JsonNode each : explained.path("branches").get(0).path("instances")) {
            if (each.path("id").asText().equals(id)) {
                return each.path("verdict").asText();
            }
        }
        return "not there";
    }
}
