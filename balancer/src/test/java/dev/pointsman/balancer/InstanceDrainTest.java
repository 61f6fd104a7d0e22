package dev.pointsman.balancer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pointsman.balancer.testkit.TestBalancer;
import dev.pointsman.testkit.FreePorts;
import dev.pointsman.testkit.TestHttp.Reply;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Instances that are taken out of service through the admin API, for one balancer alone. */
class InstanceDrainTest {
    private static final String TOKEN = "a-token-of-the-operator";
    private static final String FLAG = "admin-token=" + TOKEN;

    @RegisterExtension
    private final TestBalancer balancer = new TestBalancer();

    private Reply post(String path) {
        return send("POST", path, null);
    }

    private Reply send(String method, String path, @Nullable String body) {
        return balancer.admin()
                .send(
                        method,
                        path,
                        body,
                        body == null
                                ? Map.of("Authorization", "Bearer " + TOKEN)
                                : Map.of("Authorization", "Bearer " + TOKEN, "Content-Type", "application/yaml"));
    }

    private void started(String... ids) throws Exception {
        balancer.instances(ids);
        balancer.start(FLAG);
        await().until(() -> answers().size() == ids.length);
    }

    /** Who responds to a few requests. */
    private Set<String> answers() {
        Set<String> answers = new TreeSet<>();
        for (int i = 0; i < 6; i++) {
            answers.add(balancer.client().get("/x").body());
        }
        return answers;
    }

    private JsonNode upstream(String id) {
        for (JsonNode service : balancer.admin().get("/api/services").json().path("services")) {
            for (JsonNode upstream : service.path("upstreams")) {
                if (upstream.path("id").asText().equals(id)) {
                    return upstream;
                }
            }
        }
        throw new AssertionError("no upstream " + id);
    }

    @Test
    void a_drained_instance_gets_no_request_until_it_is_readmitted() throws Exception {
        started("a", "b");

        Reply drained = post("/api/instances/a/drain?node=n1");

        assertThat(drained.status()).as(drained.body()).isEqualTo(200);
        assertThat(drained.json().path("summary").asText()).startsWith("n1/a is drained");
        assertThat(answers()).containsExactly("b");
        assertThat(upstream("a").path("state").asText()).isEqualTo("drained");
        assertThat(upstream("a").path("reason").asText()).startsWith("drained by 127.0.0.1 through the admin API at 2");
        assertThat(balancer.admin()
                        .get("/api/instances/a")
                        .json()
                        .path("acceptsNew")
                        .asBoolean())
                .isFalse();

        assertThat(post("/api/instances/a/readmit").status()).isEqualTo(200);

        assertThat(answers()).containsExactly("a", "b");
        assertThat(balancer.admin().get("/api/audit").json().path("audit").toString())
                .contains("POST /api/instances/a/drain?node=n1")
                .contains("POST /api/instances/a/readmit");
    }

    @Test
    void without_the_token_nothing_is_drained() throws Exception {
        started("a", "b");

        assertThat(balancer.admin()
                        .send("POST", "/api/instances/a/drain", null, Map.of())
                        .status())
                .isEqualTo(401);
        assertThat(answers()).containsExactly("a", "b");

        balancer.start();
        assertThat(post("/api/instances/a/drain").status()).isEqualTo(403);
    }

    @Test
    void an_instance_that_there_is_not_and_a_parameter_that_there_is_not_are_refused() throws Exception {
        started("a");

        Reply unknown = post("/api/instances/z/drain");
        assertThat(unknown.status()).isEqualTo(404);
        assertThat(unknown.json().path("error").asText()).contains("\"z\"");
        assertThat(post("/api/instances/a/drain?node=other").status()).isEqualTo(404);
        assertThat(post("/api/instances/z/readmit").status()).isEqualTo(404);
        assertThat(post("/api/instances/a/drain?nodes=n1").status()).isEqualTo(400);
        assertThat(answers()).containsExactly("a");
    }

    @Test
    void a_drained_instance_is_not_used_either_where_nothing_else_is_left() throws Exception {
        started("a");

        post("/api/instances/a/drain");

        assertThat(balancer.client().get("/x").status()).isEqualTo(503);
        post("/api/instances/a/readmit");
        assertThat(answers()).containsExactly("a");
    }

    @Test
    void it_stays_drained_under_new_settings_of_its_route_and_when_it_comes_back_to_the_registry() throws Exception {
        started("a", "b");
        post("/api/instances/a/drain");

        assertThat(send("PUT", "/api/routes", "/:\n  to: svc\n  policy: random\n")
                        .status())
                .isEqualTo(200);
        assertThat(answers()).containsExactly("b");
        assertThat(upstream("a").path("state").asText()).isEqualTo("drained");

        balancer.consul().forget("a");
        await().until(() ->
                balancer.admin().get("/api/instances/a").json().path("pools").isEmpty());
        balancer.instances("a");
        await().until(() ->
                !balancer.admin().get("/api/instances/a").json().path("pools").isEmpty());
        assertThat(upstream("a").path("state").asText()).isEqualTo("drained");
        assertThat(answers()).containsExactly("b");
    }

    @Test
    void an_ejected_instance_is_readmitted_at_once() throws Exception {
        started("a", "b");
        int port = FreePorts.take();
        balancer.consul().list("svc", "dead", port, "passing", "");
        await().until(() -> {
            answers();
            return upstream("dead").path("state").asText().equals("ejected");
        });

        assertThat(post("/api/instances/dead/readmit").status()).isEqualTo(200);

        assertThat(upstream("dead").path("state").asText()).isEqualTo("ready");
        assertThat(balancer.admin()
                        .get("/api/changes")
                        .json()
                        .path("changes")
                        .path(0)
                        .path("reason")
                        .asText())
                .startsWith("readmitted by 127.0.0.1");
    }
}
