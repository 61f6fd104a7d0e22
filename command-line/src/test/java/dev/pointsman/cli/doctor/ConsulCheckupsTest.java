package dev.pointsman.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.balancer.config.BalancerConfig;
import dev.pointsman.registry.consul.ConsulAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Exchanges with Consul as they were recorded, and what is made of them. */
class ConsulCheckupsTest {
    private static final String DENIED = "{\"Allow\":false}";
    private static final String ALLOWED = "{\"Allow\":true}";

    @TempDir
    private Path home = Path.of(".");

    private final InstantSource clock = InstantSource.system();

    @SuppressWarnings("NullAway.Init") // set before each test
    private ScriptedHttp consul;

    @BeforeEach
    void a_consul_that_is_well() throws Exception {
        consul = new ScriptedHttp()
                .on("/v1/status/leader", "\"10.0.0.1:8300\"")
                .on(
                        "/v1/agent/self",
                        "{\"Config\":{\"Version\":\"1.8.7\"},\"DebugConfig\":{\"HTTPMaxConnsPerClient\":200}}")
                .on("/v1/catalog/services", 200, "{\"consul\":[]}", Map.of("X-Consul-Index", "14"));
    }

    @AfterEach
    void close() {
        consul.close();
    }

    private ConsulQuestions questions(Map<String, String> environment) {
        return new ConsulQuestions(ConsulAddress.from(consul.url(), environment));
    }

    private List<String> agent() throws InterruptedException {
        return Lines.of(new ConsulAgentCheckup(questions(Map.of()), clock, false));
    }

    private List<Finding> rights(String yaml, Map<String, String> environment) throws Exception {
        Path file = home.resolve("p.yaml");
        Files.writeString(file, yaml);
        DoctorConfig read = DoctorConfig.read(file, consul.url(), environment);
        BalancerConfig config = read.config();
        Set<String> targets = read.targets();
        ConsulQuestions questions = questions(environment);
        return new RightsCheckup(questions, new RegisteredServices(questions, targets), config, targets, clock)
                .findings();
    }

    @Test
    void a_consul_that_is_well_is_all_right() throws Exception {
        assertThat(agent())
                .hasSize(4)
                .allMatch(line -> line.startsWith("ok "))
                .anyMatch(line -> line.endsWith("version 1.8.7"))
                .contains("ok consul-leader: the leader is 10.0.0.1:8300");
    }

    @Test
    void one_that_does_not_respond_is_one_error_and_nothing_else_is_asked() throws Exception {
        consul.close();
        ConsulQuestions questions = questions(Map.of());

        assertThat(Lines.of(new ConsulAgentCheckup(questions, clock, false)))
                .containsExactly("error consul-agent: does not respond: no connection");
        assertThat(new ConsulWaitCheckup(questions, Duration.ofSeconds(1)).findings())
                .isEmpty();
        assertThat(new RightsCheckup(questions, new RegisteredServices(questions, Set.of()), null, Set.of(), clock)
                        .findings())
                .isEmpty();
        assertThat(Lines.of(new ConsulAgentCheckup(questions, clock, true)))
                .containsExactly("note consul-agent: does not respond: no connection");
    }

    @Test
    void what_is_no_consul_is_an_error() throws Exception {
        consul.on("/v1/status/leader", "<html>");
        assertThat(agent()).contains("error consul-agent: responds with status 200 and not as Consul does");
    }

    @Test
    void a_consul_without_a_leader_is_an_error() throws Exception {
        consul.on("/v1/status/leader", "\"\"");
        assertThat(agent()).contains("error consul-leader: knows no leader");
    }

    @Test
    void a_clock_that_is_off_is_a_warning() throws Exception {
        InstantSource ahead = () -> Instant.now().plusSeconds(90);

        assertThat(Lines.of(new ConsulAgentCheckup(questions(Map.of()), ahead, false)))
                .anyMatch(
                        line -> line.matches("warning consul-clock: its clock is (89|90|91) s behind this machine's"));
    }

    @Test
    void few_connections_and_too_many_requests_are_warnings() throws Exception {
        consul.on("/v1/agent/self", "{\"DebugConfig\":{\"HTTPMaxConnsPerClient\":50}}");
        assertThat(agent()).contains("warning consul-limits: allows 50 connections from one address");

        consul.on("/v1/agent/self", 429, "Your IP is issuing too many concurrent connections", Map.of());
        assertThat(agent())
                .contains("warning consul-limits: responds 429, too many requests or connections from this address");
    }

    @Test
    void one_that_does_not_wait_is_an_error() throws Exception {
        assertThat(Lines.of(new ConsulWaitCheckup(questions(Map.of()), Duration.ofSeconds(30))))
                .hasSize(1)
                .allMatch(line -> line.startsWith(
                        "error consul-wait: does not hold a query until something changes: it responded after "));
        assertThat(consul.requests()).contains("GET /v1/catalog/services?stale&index=14&wait=30000ms");
    }

    @Test
    void one_whose_index_is_lost_on_the_way_is_an_error() throws Exception {
        consul.on("/v1/catalog/services", "{}");
        assertThat(Lines.of(new ConsulWaitCheckup(questions(Map.of()), Duration.ofSeconds(1))))
                .containsExactly("error consul-wait: responds without X-Consul-Index");
    }

    @Test
    void one_that_cuts_off_what_waits_is_an_error() throws Exception {
        consul.on("/v1/catalog/services?stale&index=14&wait=1000ms", 504, "", Map.of());
        assertThat(Lines.of(new ConsulWaitCheckup(questions(Map.of()), Duration.ofSeconds(1))))
                .hasSize(1)
                .allMatch(line ->
                        line.startsWith("error consul-wait: a query that waits for a change is cut off: status 504"));
    }

    @Test
    void a_change_meanwhile_is_as_good_as_having_waited() throws Exception {
        consul.on("/v1/catalog/services?stale&index=14&wait=1000ms", 200, "{}", Map.of("X-Consul-Index", "15"));
        assertThat(Lines.of(new ConsulWaitCheckup(questions(Map.of()), Duration.ofSeconds(1))))
                .containsExactly("ok consul-wait: responds when something changes");
    }

    @Test
    void a_token_that_is_not_known_is_an_error_and_is_shown_to_consul_alone() throws Exception {
        consul.on("/v1/acl/token/self", 403, "ACL not found", Map.of());

        List<Finding> found = rights("route: {/: web}\n", Map.of("CONSUL_HTTP_TOKEN", "very-secret"));

        assertThat(Lines.of(found)).containsExactly("error consul-token: does not know the ACL token: ACL not found");
        assertThat(found.toString()).doesNotContain("very-secret");
        assertThat(consul.values("X-Consul-Token")).containsOnly("very-secret");
        assertThat(consul.requests()).noneMatch(request -> request.contains("very-secret"));
    }

    @Test
    void each_right_that_lacks_is_named_and_all_of_them_are_a_policy() throws Exception {
        consul.on("/v1/acl/token/self", "{\"Policies\":[{\"Name\":\"web\"}]}")
                .on(
                        "/v1/internal/acl/authorize",
                        "[" + String.join(",", ALLOWED, ALLOWED, DENIED, ALLOWED, DENIED, DENIED) + "]");

        List<Finding> found = rights("route: {/: web}\nkv: routes/\n", Map.of("CONSUL_HTTP_TOKEN", "t"));

        assertThat(Lines.of(found))
                .containsExactly(
                        "ok consul-token: knows the token with web",
                        "error consul-rights: the token lacks service \"web\" { policy = \"read\" }",
                        "error consul-rights: the token lacks service \"pointsman-balancer\" { policy = \"write\" }",
                        "error consul-rights: the token lacks key_prefix \"routes/\" { policy = \"read\" }",
                        "note consul-rights: what lacks, as one policy: service \"web\" { policy = \"read\" } service"
                                + " \"pointsman-balancer\" { policy = \"write\" } key_prefix \"routes/\" { policy = \"read\" }");
    }

    @Test
    void a_rule_that_another_one_includes_is_left_out_of_the_policy() throws Exception {
        consul.on("/v1/acl/token/self", "{}")
                .on(
                        "/v1/internal/acl/authorize",
                        "[" + String.join(",", ALLOWED, DENIED, DENIED, ALLOWED, ALLOWED, DENIED, DENIED) + "]");

        List<Finding> found = rights("route: {/: web}\ncanary-kv: canaries\n", Map.of("CONSUL_HTTP_TOKEN", "t"));

        assertThat(found.get(found.size() - 1).what())
                .isEqualTo("what lacks, as one policy: service_prefix \"\" { policy = \"read\" } key_prefix"
                        + " \"canaries/\" { policy = \"write\" }");
    }

    @Test
    void a_consul_without_access_control_lets_everything() throws Exception {
        consul.on("/v1/acl/token/self", 401, "ACL support disabled", Map.of());
        assertThat(Lines.of(rights("route: {/: web}\n", Map.of())))
                .containsExactly("ok consul-rights: has no access control: everything is allowed");
    }

    @Test
    void one_that_does_not_say_what_is_allowed_gives_a_note() throws Exception {
        consul.on("/v1/acl/token/self", "{}");
        assertThat(Lines.of(rights("route: {/: web}\n", Map.of("CONSUL_HTTP_TOKEN", "t"))))
                .contains("note consul-rights: does not say what the token may do: status 404");
    }

    @Test
    void a_token_that_expires_soon_is_a_warning() throws Exception {
        consul.on(
                "/v1/acl/token/self", "{\"ExpirationTime\":\"" + clock.instant().plusSeconds(3600) + "\"}");
        assertThat(Lines.of(rights("route: {/: web}\n", Map.of("CONSUL_HTTP_TOKEN", "t"))))
                .anyMatch(line -> line.startsWith("warning consul-token: the token expires at "));
    }
}
