package dev.pointsman.balancer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pointsman.balancer.testkit.TestBalancer;
import dev.pointsman.testkit.TestHttp;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Whether a balancer is ready and why not, and what has changed, as its admin API says. */
class StatusOverHttpTest {
    private static final String TOKEN = "a-token-of-the-operator";

    @RegisterExtension
    private final TestBalancer balancer = new TestBalancer();

    @Test
    void the_verbose_readiness_is_text_unless_json_is_asked_for_and_its_status_is_the_same() throws Exception {
        balancer.instances("a");
        balancer.consul().list("svc", "dead", 1, "passing", "");
        balancer.start();
        for (int i = 0; i < 4; i++) {
            balancer.client().get("/");
        }

        TestHttp.Reply text = balancer.admin().get("/health/ready?verbose");
        TestHttp.Reply json =
                balancer.admin().send("GET", "/health/ready?verbose", null, Map.of("Accept", "application/json"));

        assertThat(text.status()).isEqualTo(200);
        assertThat(text.header("content-type")).startsWith("text/plain");
        assertThat(text.body()).startsWith("ready since ").contains("[reduced] svc: 1 of 2 instances take traffic");
        assertThat(json.status()).isEqualTo(200);
        assertThat(json.json()
                        .path("targets")
                        .get(0)
                        .path("states")
                        .path("ejected")
                        .asInt())
                .isEqualTo(1);
        assertThat(balancer.admin().get("/health/ready").body()).isEqualToIgnoringWhitespace("{\"status\": \"ready\"}");
    }

    @Test
    void the_status_has_each_target_with_its_counts() throws Exception {
        balancer.instances("a");
        balancer.start("route=/=svc", "route=/none=no-such-service");
        balancer.client().get("/");

        JsonNode status = balancer.admin().get("/api/status").json();

        assertThat(status.path("status").asText()).isEqualTo("ready");
        assertThat(status.path("tableVersion").asInt()).isEqualTo(1);
        assertThat(status.path("targets").findValuesAsText("target")).containsExactly("no-such-service", "svc");
        assertThat(status.path("targets").get(0).path("level").asText()).isEqualTo("down");
        assertThat(status.path("targets").get(1).path("picks").asInt()).isEqualTo(1);
    }

    @Test
    void changes_of_instances_and_of_routes_are_one_numbered_list() throws Exception {
        balancer.instances("a");
        balancer.start("admin-token=" + TOKEN);
        long before = changes("").path("last").asLong();

        balancer.consul().list("svc", "b", 1, "critical", "down");
        await().untilAsserted(
                        () -> assertThat(changes("").path("last").asLong()).isEqualTo(before + 1));
        balancer.admin()
                .send(
                        "PUT",
                        "/api/routes",
                        "{\"/new\": \"svc\"}",
                        Map.of("Content-Type", "application/json", "Authorization", "Bearer " + TOKEN));

        JsonNode changes = changes("?after=" + before).path("changes");
        assertThat(changes.findValuesAsText("number")).isEqualTo(List.of("" + (before + 2), "" + (before + 1)));
        assertThat(changes.get(0).path("reason").asText()).isEqualTo("1 added");
        assertThat(changes.get(0).path("causes").get(0).path("source").asText()).isEqualTo("admin");
        assertThat(changes.get(1).path("id").asText()).isEqualTo("b");
        assertThat(changes("?limit=1").path("changes")).hasSize(1);
        assertThat(changes("?after=" + (before + 2)).path("changes")).isEmpty();
    }

    @Test
    void a_number_that_is_none_is_refused_with_what_was_expected() throws Exception {
        balancer.start();

        TestHttp.Reply refused = balancer.admin().get("/api/changes?after=-1");

        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.json().path("error").asText())
                .isEqualTo("after: \"-1\" (expected: a whole number, 0 or more)");
    }

    private JsonNode changes(String query) {
        return balancer.admin().get("/api/changes" + query).json();
    }
}
