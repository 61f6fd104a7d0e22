package dev.pointsman.launcher.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pointsman.launcher.api.InstanceStatus;
import dev.pointsman.launcher.api.LastReplacement;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The JSON form of an instance's status: durations in milliseconds, memory in bytes, the state in small letters. */
public final class StatusJson {
    private StatusJson() {}

    /** The JSON of a status, as the socket and {@code list --json} have it. */
    public static ObjectNode write(InstanceStatus status) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        LastReplacement replaced = status.lastReplaced();
        if (replaced == null) {
            json.putNull("lastReplaced");
        } else {
            json.putObject("lastReplaced")
                    .put("reason", replaced.reason())
                    .put("at", replaced.at().toString());
        }
        return json.put("type", status.type())
                .put("number", status.number())
                .put("id", status.id())
                .put("pid", status.pid())
                .put("port", status.port())
                .put("state", status.state().name().toLowerCase(Locale.ROOT))
                .put("health", status.health())
                .put("restarts", status.restarts())
                .put("reason", status.reason())
                .put("uptimeMillis", status.uptime().toMillis())
                .put("cpuPercent", Math.round(status.cpuPercent() * 10) / 10.0)
                .put("memoryBytes", status.memory());
    }

    /** @throws IllegalArgumentException if the state is none that is known here */
    static InstanceStatus read(JsonNode json) {
        return new InstanceStatus(
                json.path("type").asText(),
                json.path("number").asInt(),
                json.path("id").asText(),
                json.path("pid").asLong(),
                json.path("port").asInt(),
                InstanceStatus.InstanceState.valueOf(json.path("state").asText().toUpperCase(Locale.ROOT)),
                json.path("health").asText(),
                json.path("restarts").asInt(),
                json.path("reason").asText(),
                Duration.ofMillis(json.path("uptimeMillis").asLong()),
                json.path("cpuPercent").asDouble(),
                json.path("memoryBytes").asLong(),
                lastReplaced(json.path("lastReplaced")));
    }

    private static @Nullable LastReplacement lastReplaced(JsonNode json) {
        return json.isObject()
                ? new LastReplacement(
                        json.path("reason").asText(),
                        Instant.parse(json.path("at").asText()))
                : null;
    }
}
