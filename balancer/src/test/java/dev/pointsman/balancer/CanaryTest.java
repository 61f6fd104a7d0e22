package dev.pointsman.balancer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pointsman.balancer.testkit.CapturedLog;
import dev.pointsman.balancer.testkit.TestBalancer;
import dev.pointsman.testkit.TestHttp;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Canaries over real sockets, from tags to what clients and the admin API see. */
class CanaryTest {
    private static final int USERS = 200;

    @RegisterExtension
    private final TestBalancer balancer = new TestBalancer();

    @RegisterExtension
    private final CapturedLog log = new CapturedLog();

    private void instances(int statusOfCanary) throws Exception {
        balancer.instances("old1", "old2");
        balancer.instance("new", (request, wire) -> wire.respond(statusOfCanary, "new"));
    }

    private static TestHttp.Reply get(TestHttp client, int user) {
        return client.send("GET", "/", null, Map.of("X-User", "user-" + user));
    }

    private Set<Integer> canaryUsers() {
        Set<Integer> users = new TreeSet<>();
        TestHttp client = balancer.client();
        IntStream.range(0, USERS)
                .filter(user -> get(client, user).body().equals("new"))
                .forEach(users::add);
        return users;
    }

    private JsonNode canary() {
        return balancer.admin()
                .get("/api/services")
                .json()
                .path("services")
                .get(0)
                .path("canaries")
                .path(0);
    }

    @Test
    void the_same_users_get_the_new_version_from_every_balancer_as_soon_as_it_is_tagged() throws Exception {
        instances(200);
        balancer.start("route=/=svc;canary-by=header:X-User");
        assertThat(canary().isMissingNode()).isTrue();

        balancer.consul().tag("new", "version=v2", "canary=20%");
        await().untilAsserted(() -> assertThat(canary().path("share").asText()).isEqualTo("20%"));

        Set<Integer> users = canaryUsers();
        assertThat(users.size() / (double) USERS).isCloseTo(0.2, within(0.06));
        balancer.start("route=/=svc;canary-by=header:X-User");
        assertThat(canaryUsers()).isEqualTo(users);
        assertThat(balancer.client().get("/").body()).as("of nobody known").startsWith("old");
    }

    @Test
    void a_canary_that_answers_with_errors_is_aborted_and_the_admin_api_says_why() throws Exception {
        instances(500);
        balancer.consul().tag("new", "version=v2", "canary=50%");
        balancer.start("route=/=svc;canary-by=header:X-User;canary-samples=20;max-error-excess=0");
        TestHttp client = balancer.client();

        await().untilAsserted(() -> {
            IntStream.range(0, 50).forEach(user -> get(client, user));
            assertThat(canary().path("share").asText()).isEqualTo("0%");
        });

        assertThat(canaryUsers()).isEmpty();
        assertThat(canary().path("aborted").path("reason").asText())
                .matches("100.0 % of its [0-9]+ requests failed or got a server error, of the others' [0-9]+ 0.0 %");
        JsonNode newest =
                balancer.admin().get("/api/changes").json().path("changes").get(0);
        assertThat(newest.path("canary").asText()).isEqualTo("v2");
        assertThat(newest.path("to").asText()).isEqualTo("aborted");
    }

    @Test
    void a_canary_that_is_not_there_any_more_leaves_no_user_without_a_response() throws Exception {
        instances(200);
        balancer.consul().tag("new", "version=v2", "canary=100%");
        balancer.start("route=/=svc;canary-by=header:X-User");
        TestHttp client = balancer.client();
        assertThat(get(client, 1).body()).isEqualTo("new");

        balancer.consul().list("svc", "new", 1, "passing", "");
        balancer.consul().tag("new", "version=v2", "canary=100%");

        await().untilAsserted(() -> assertThat(get(client, 1).body()).startsWith("old"));
        assertThat(IntStream.range(0, 20).map(user -> get(client, user).status()))
                .containsOnly(200);
    }

    @Test
    void a_malformed_tag_is_one_warning_and_nothing_else() throws Exception {
        instances(200);
        balancer.consul().tag("new", "version=v2", "canary=lots");

        balancer.start("route=/=svc", "route=/x=svc;policy=random");

        assertThat(log.text())
                .containsOnlyOnce("service svc, instance n1/new: tag canary=lots (expected: a share of users");
        assertThat(canaryUsers().size()).isCloseTo(USERS / 3, within(5));
    }
}
