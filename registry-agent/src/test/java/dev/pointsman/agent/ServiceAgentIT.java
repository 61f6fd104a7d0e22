package dev.pointsman.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pointsman.registry.consul.ConsulAddress;
import dev.pointsman.testkit.ConsulUnderTest;
import dev.pointsman.testkit.NeedsConsul;
import dev.pointsman.testkit.TestHttp;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The agent's registration in a real Consul. */
@Timeout(120)
@NeedsConsul
class ServiceAgentIT {
    private final ConsulUnderTest consul = ConsulUnderTest.launch();
    private AgentOptions options = AgentOptions.of("greeter", null, Map.of());

    @BeforeEach
    void useThisConsul() {
        options =
                options.withConsul(ConsulAddress.of("127.0.0.1", consul.port())).withLinger(Duration.ofMillis(20));
    }

    @AfterEach
    void stopConsul() {
        consul.close();
    }

    @Test
    void once_started_a_service_is_found_with_its_tags_and_passing() {
        try (ServiceAgent agent = start(options.withTags(List.of("v2")).withVersion("1.4"))) {
            JsonNode found = instances().get(0);
            JsonNode service = found.get("Service");
            assertThat(service.get("ID").asText()).isEqualTo(agent.id());
            assertThat(service.get("Port").asInt()).isEqualTo(agent.port());
            assertThat(service.get("Address").asText()).isEqualTo("127.0.0.1");
            assertThat(service.get("Tags")).extracting(JsonNode::asText).containsExactly("greeter", "v2");
            assertThat(service.get("Meta").get("version").asText()).isEqualTo("1.4");
            assertThat(service.get("Meta").get("pid").asText())
                    .isEqualTo(Long.toString(ProcessHandle.current().pid()));
            assertThat(found.get("Checks"))
                    .allSatisfy(
                            check -> assertThat(check.get("Status").asText()).isEqualTo("passing"));
        }
    }

    @Test
    void consuls_own_check_finds_the_service_well() {
        try (ServiceAgent agent = start(options.withCheck(Duration.ofSeconds(1), Duration.ofSeconds(1)))) {
            await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
                JsonNode check = check(agent);
                assertThat(check.get("Status").asText()).isEqualTo("passing");
                assertThat(check.get("Output").asText()).contains("200 OK");
            });
        }
    }

    @Test
    void once_closed_it_is_gone() {
        ServiceAgent agent = start(options);
        assertThat(instances()).hasSize(1);
        agent.close();
        await().untilAsserted(() -> assertThat(instances()).isEmpty());
    }

    @Test
    void two_instances_of_a_type_stand_side_by_side() {
        try (ServiceAgent one = start(options);
                ServiceAgent other = start(options)) {
            assertThat(one.id()).isNotEqualTo(other.id());
            await().untilAsserted(() -> assertThat(instances()).hasSize(2));
        }
    }

    @Test
    void a_service_that_consul_forgot_is_registered_again() {
        try (ServiceAgent agent = start(options)) {
            consul.kill();
            await().atMost(Duration.ofSeconds(20)).until(() -> !agent.isRegistered());
            assertThat(new TestHttp(agent.url()).get("/").body()).isEqualTo("hello");
            consul.start();
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(instances()).hasSize(1));
            await().until(agent::isRegistered);
        }
    }

    @Test
    void a_service_that_was_deregistered_by_hand_is_registered_again() {
        try (ServiceAgent agent = start(options)) {
            consul.http().put("/v1/agent/service/deregister/" + agent.id());
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(instances()).hasSize(1));
        }
    }

    @Test
    void a_service_can_start_while_consul_is_down_and_appears_when_it_comes_up() {
        consul.stop();
        try (ServiceAgent agent = start(options)) {
            assertThat(agent.isRegistered()).isFalse();
            assertThat(new TestHttp(agent.url()).get("/").body()).isEqualTo("hello");
            consul.start();
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(instances()).hasSize(1));
        }
    }

    @Test
    void maintenance_and_check_are_left_alone_by_looking_after_the_registration() {
        try (ServiceAgent agent = start(options)) {
            consul.http().put("/v1/agent/service/maintenance/" + agent.id() + "?enable=true&reason=repair");
            long index = registrationIndex();
            // Two looks at the least have happened once the check has run twice and three seconds are over.
            await().pollDelay(Duration.ofSeconds(3))
                    .atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> {
                        assertThat(check(agent).get("Output").asText()).contains("200 OK");
                        JsonNode maintenance =
                                consul.http().get("/v1/agent/checks").json().get("_service_maintenance:" + agent.id());
                        assertThat(maintenance.get("Notes").asText()).isEqualTo("repair");
                    });
            assertThat(registrationIndex()).isEqualTo(index);
        }
    }

    @Test
    void a_token_that_consul_does_not_know_is_no_reason_not_to_serve() {
        consul.close();
        try (ConsulUnderTest strict = ConsulUnderTest.launch("acl { enabled = true default_policy = \"allow\" }");
                ServiceAgent agent =
                        start(options.withConsul(withToken(ConsulAddress.of("127.0.0.1", strict.port()), "nobodys")))) {
            assertThat(agent.isRegistered()).isFalse();
            assertThat(new TestHttp(agent.url()).get("/").body()).isEqualTo("hello");
        }
    }

    private static ConsulAddress withToken(ConsulAddress address, String token) {
        return ConsulAddress.from(address.url(), Map.of("CONSUL_HTTP_TOKEN", token));
    }

    private ServiceAgent start(AgentOptions with) {
        return ServiceAgent.start(with, request -> request.response().end("hello"));
    }

    private JsonNode instances() {
        return consul.http().get("/v1/health/service/greeter").json();
    }

    private JsonNode check(ServiceAgent agent) {
        return consul.http().get("/v1/agent/checks").json().get("service:" + agent.id());
    }

    private long registrationIndex() {
        return instances().get(0).get("Service").get("ModifyIndex").asLong();
    }
}
