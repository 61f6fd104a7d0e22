package dev.pointsman.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.registry.consul.ConsulAddress;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Balancers by what their admin APIs say, alone and beside each other. */
class BalancersCheckupTest {
    private static final String NOW = "2026-11-28T12:00:00Z";

    private final List<ScriptedHttp> balancers = new ArrayList<>();

    @AfterEach
    void close() {
        balancers.forEach(ScriptedHttp::close);
    }

    private ScriptedHttp balancer() throws Exception {
        ScriptedHttp balancer = new ScriptedHttp();
        balancers.add(balancer);
        return config(balancer, "\"aa\"", "2s")
                .on(
                        "/api/status",
                        "{\"status\":\"ready\",\"version\":\"1\",\"startedAt\":\"" + balancers.size()
                                + "\",\"targetCount\":2,\"problemCount\":0}")
                .on("/api/routes", routes("/api", "sticky"));
    }

    private static ScriptedHttp config(ScriptedHttp balancer, String sticky, String connectTimeout) {
        return balancer.on(
                "/api/config",
                "{\"fingerprints\":{\"stickySecret\":" + sticky + ",\"explainSecret\":null},\"settings\":{\"port\":\""
                        + balancer.port() + "\",\"connect-timeout\":\"" + connectTimeout + "\"}}");
    }

    private static String routes(String prefix, String policy) {
        return "{\"routes\":[{\"route\":\"" + prefix + "\",\"target\":\"api\",\"policy\":\"" + policy
                + "\",\"options\":{}}]}";
    }

    private List<String> look() throws InterruptedException {
        return look(balancers.stream().map(ScriptedHttp::url).toList(), null);
    }

    private static List<String> look(List<String> admins, @Nullable String usual) throws InterruptedException {
        RegisteredServices nowhere = new RegisteredServices(
                new ConsulQuestions(ConsulAddress.from("http://127.0.0.1:1", Map.of())), List.of());
        return Lines.of(new BalancersCheckup(admins, usual, nowhere, InstantSource.fixed(Instant.parse(NOW))));
    }

    @Test
    void two_that_are_alike_are_all_right_and_are_shown_no_token() throws Exception {
        balancer();
        balancer();

        assertThat(look()).hasSize(7).allMatch(line -> line.startsWith("ok "));
        assertThat(balancers.get(0).values("Authorization")).isEmpty();
        assertThat(balancers.get(0).requests()).allMatch(request -> request.startsWith("GET /api/"));
    }

    @Test
    void different_sticky_secrets_are_an_error_where_a_route_is_sticky() throws Exception {
        balancer();
        config(balancer(), "null", "2s");

        assertThat(look())
                .anyMatch(line -> line.startsWith(
                                "error balancer-secrets: have different ones as sticky-secret (by their fingerprints): ")
                        && line.endsWith(" none"));
        balancers.forEach(each -> each.on("/api/routes", routes("/api", "round-robin")));
        assertThat(look()).anyMatch(line -> line.startsWith("warning balancer-secrets: have different ones"));
    }

    @Test
    void different_versions_settings_and_routes_are_warnings() throws Exception {
        balancer();
        config(balancer(), "\"aa\"", "1s")
                .on("/api/status", "{\"status\":\"ready\",\"version\":\"2\",\"startedAt\":\"z\"}")
                .on("/api/routes", routes("/ap", "sticky"));

        assertThat(look())
                .contains(
                        "warning balancer-settings: differ in connect-timeout",
                        "warning balancer-routes: have different routes: /api -> api {} only at the one, /ap -> api {} only"
                                + " at the other")
                .anyMatch(line -> line.startsWith("warning balancer-versions: have different versions: "));
    }

    @Test
    void one_known_by_two_addresses_is_one() throws Exception {
        ScriptedHttp balancer = balancer();

        assertThat(look(List.of(balancer.url(), "localhost:" + balancer.port()), null))
                .containsExactly("ok balancer: is ready, version 1");
    }

    @Test
    void one_that_was_asked_for_and_does_not_respond_is_an_error_and_the_usual_one_a_note() throws Exception {
        assertThat(look(List.of("127.0.0.1:1"), null))
                .containsExactly("error balancer: does not respond: no connection");
        assertThat(look(List.of(), "127.0.0.1:1"))
                .containsExactly("note balancer: no balancer responds: no connection");
    }

    @Test
    void what_is_no_balancer_is_said() throws Exception {
        ScriptedHttp other = balancer().on("/api/status", "{}");
        assertThat(look(List.of(other.url()), null))
                .containsExactly(
                        "error balancer: does not respond: what responds there is not the admin API of a balancer");
    }

    @Test
    void one_that_is_not_ready_or_runs_with_an_older_configuration_is_a_warning() throws Exception {
        balancer()
                .on("/api/status", "{\"status\":\"starting\",\"why\":\"2 not looked up yet\",\"startedAt\":\"1\"}")
                .on("/api/config", "{\"refused\":{\"problems\":[\"p.yaml:1:1: prot\"]}}");

        assertThat(look())
                .containsExactly(
                        "warning balancer: is starting: 2 not looked up yet",
                        "warning balancer: runs with an older configuration: p.yaml:1:1: prot");
    }

    @Test
    void an_instance_that_has_been_critical_for_long_is_a_warning() throws Exception {
        balancer().on("/api/overview", """
                        {"services": [{"name": "api", "upstreams": [
                          {"id": "gone", "node": "n1", "state": "critical", "since": "2026-11-28T11:00:00Z"},
                          {"id": "new", "node": "n1", "state": "critical", "since": "2026-11-28T11:59:00Z"},
                          {"id": "well", "node": "n1", "state": "ready", "since": "2026-11-28T10:00:00Z"}]}]}
                        """);

        assertThat(look())
                .filteredOn(line -> line.contains("instance-health"))
                .hasSize(1)
                .allMatch(line -> line.startsWith("warning instance-health: is critical since 2026-11-28T11:00:00Z"));
    }
}
