package dev.pointsman.registry.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pointsman.testkit.TestHttp.Reply;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Taking a service or the whole node out of service by hand. */
interface MaintenanceContract {
    RegistryDriver registry();

    @Test
    default void maintenance_is_a_critical_check_with_the_reason_as_its_notes() {
        String web = registry().fresh("web");
        registry().registerWithTtl(web, "passing");

        Reply on = registry().http().put("/v1/agent/service/maintenance/" + web + "?enable=true&reason=new%20disk");

        assertThat(on.status()).isEqualTo(200);
        assertThat(on.body()).isEmpty();
        String id = "_service_maintenance:" + web;
        registry().awaitStatus(web, id, "critical");
        JsonNode check = registry().read("/v1/agent/checks").get(id);
        assertThat(check.get("Name").asText()).isEqualTo("Service Maintenance Mode");
        assertThat(check.get("Notes").asText()).isEqualTo("new disk");

        registry().maintenance(web, false);
        registry()
                .awaitHealth(web, list -> !RegistryDriver.statuses(list.get(0)).containsKey(id));
    }

    @Test
    default void maintenance_twice_and_its_end_twice_do_no_harm() {
        String web = registry().fresh("web");
        registry().registerWithTtl(web, "passing");

        registry().maintenance(web, true);
        registry().maintenance(web, true);
        assertThat(registry().agentStatuses(web)).containsKey("_service_maintenance:" + web);
        registry().maintenance(web, false);
        registry().maintenance(web, false);
        assertThat(registry().agentStatuses(web)).containsOnlyKeys("service:" + web);
    }

    @Test
    default void maintenance_of_an_unknown_service_is_404() {
        Reply reply = registry().http().put("/v1/agent/service/maintenance/unknown?enable=true");

        assertThat(reply.status()).isEqualTo(404);
        // the second from Consul 1.11 on
        assertThat(reply.body())
                .containsAnyOf("No service registered with ID \"unknown\"", "Unknown service ID \"unknown\"");
    }

    @ParameterizedTest
    @CsvSource({"'', Missing value for enable", "enable=xx, 'Invalid value for enable: \"xx\"'"})
    default void maintenance_must_be_told_on_or_off(String query, String reason) {
        String web = registry().fresh("web");
        registry().registerWithTtl(web, "passing");

        Reply reply = registry().http().put("/v1/agent/service/maintenance/" + web + "?" + query);

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.body()).contains(reason);
        assertThat(registry().agentStatuses(web)).containsOnlyKeys("service:" + web);
    }

    @Test
    default void maintenance_of_the_node_shows_with_every_service() {
        String web = registry().fresh("web");
        registry().registerWithTtl(web, "passing");
        try {
            Reply on = registry().http().put("/v1/agent/maintenance?enable=true&reason=move");
            assertThat(on.status()).isEqualTo(200);

            JsonNode checks = registry()
                    .awaitHealth(web, list -> list.findValuesAsText("CheckID").contains("_node_maintenance"))
                    .at("/0/Checks");

            assertThat(checks)
                    .filteredOn(check -> check.get("CheckID").asText().equals("_node_maintenance"))
                    .singleElement()
                    .satisfies(check -> {
                        assertThat(check.get("Status").asText()).isEqualTo("critical");
                        assertThat(check.get("Name").asText()).isEqualTo("Node Maintenance Mode");
                        assertThat(check.get("Notes").asText()).isEqualTo("move");
                        assertThat(check.get("ServiceID").asText()).isEmpty();
                    });
        } finally {
            registry().http().put("/v1/agent/maintenance?enable=false");
        }
        registry().awaitHealth(web, list -> !list.findValuesAsText("CheckID").contains("_node_maintenance"));
    }
}
