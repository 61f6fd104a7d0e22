package dev.pointsman.registry.consul.internal.json;

import static dev.pointsman.registry.consul.internal.json.ConsulJson.text;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pointsman.registry.Health;
import dev.pointsman.registry.OneLine;

/**
 * The health of an instance by its own checks and its node's: the worst one counts, as in Consul's DNS. Maintenance is a
 * critical check with a well-known id, put there by {@code consul maint}.
 *
 * @param worst the health
 * @param reason the worst check's name and output in one line; empty if the health is passing
 */
record ConsulHealth(Health worst, String reason) {
    private static final String NODE_MAINTENANCE = "_node_maintenance";
    private static final String SERVICE_MAINTENANCE = "_service_maintenance:";
    private static final int LONGEST_REASON = 200;

    /** Reads the {@code Checks} of an entry; none at all is passing. */
    static ConsulHealth of(JsonNode checks) {
        ConsulHealth worst = new ConsulHealth(Health.PASSING, "");
        for (JsonNode check : checks) {
            Health health = healthOf(check);
            if (health.compareTo(worst.worst) > 0) {
                worst = new ConsulHealth(health, reason(check, health));
            }
        }
        return worst;
    }

    private static Health healthOf(JsonNode check) {
        String id = text(check, "CheckID");
        if (id.equals(NODE_MAINTENANCE) || id.startsWith(SERVICE_MAINTENANCE)) {
            return Health.MAINTENANCE;
        }
        return switch (text(check, "Status")) {
            case "passing" -> Health.PASSING;
            case "critical" -> Health.CRITICAL;
            // Consul has no others today; an unknown status is no reason to take all traffic away.
            default -> Health.WARNING;
        };
    }

    private static String reason(JsonNode check, Health health) {
        String name = text(check, "Name").isBlank() ? text(check, "CheckID") : text(check, "Name");
        // Why an operator took it out stands in the notes; what a check saw, in the output.
        String output = text(check, health == Health.MAINTENANCE ? "Notes" : "Output");
        return OneLine.of(output.isBlank() ? name : name + ": " + output, LONGEST_REASON);
    }
}
