package dev.pointsman.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pointsman.testkit.ConsulUnderTest;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.StreamSupport;

/** What Consul knows, and what an operator tells it: by its own HTTP API. */
final class ConsulState {
    private final ConsulUnderTest consul;

    ConsulState(ConsulUnderTest consul) {
        this.consul = consul;
    }

    /** id to the worst status of the checks, for the service's instances. */
    Map<String, String> health(String service) {
        Map<String, String> health = new LinkedHashMap<>();
        JsonNode entries = consul.http().get("/v1/health/service/" + service).json();
        entries.forEach(entry -> health.put(entry.at("/Service/ID").asText(), worst(entry.path("Checks"))));
        return health;
    }

    private static String worst(JsonNode checks) {
        for (String status : new String[] {"critical", "warning"}) {
            if (StreamSupport.stream(checks.spliterator(), false)
                    .anyMatch(check -> check.path("Status").asText().equals(status))) {
                return status;
            }
        }
        return "passing";
    }

    void register(String json) {
        told("/v1/agent/service/register", json);
    }

    void maintenance(String id, boolean on) {
        told("/v1/agent/service/maintenance/" + id + "?enable=" + on + "&reason=test", "");
    }

    void deregisterAll() {
        JsonNode services = consul.http().get("/v1/agent/services").json();
        services.fieldNames().forEachRemaining(id -> told("/v1/agent/service/deregister/" + id, ""));
    }

    private void told(String path, String body) {
        assertThat(consul.http().put(path, body).status()).as(path).isEqualTo(200);
    }
}
