package dev.pointsman.balancer;

import dev.pointsman.canary.CanaryState;
import dev.pointsman.canary.CanaryState.CanaryAbort;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The JSON in which balancers agree about the canaries of a target: for each version since when it is on trial, how often it was
 * readmitted ({@code round}), its step of the ramp (from 1) and since when, and why it was aborted.
 */
final class CanaryDocument {
    /** How many versions are kept: the newest, beside those that a balancer still has instances of. */
    private static final int VERSIONS = 50;

    private CanaryDocument() {}

    /**
     * Writes a document.
     *
     * @param needed versions that are kept, however old
     */
    static byte[] write(Map<String, CanaryState> states, Set<String> needed) {
        List<String> kept = states.entrySet().stream()
                .sorted(Comparator.comparing((Map.Entry<String, CanaryState> each) -> !needed.contains(each.getKey()))
                        .thenComparing(each -> each.getValue().since(), Comparator.reverseOrder()))
                .limit(VERSIONS)
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
        JsonObject document = new JsonObject();
        kept.forEach(version -> {
            CanaryState state = states.get(version);
            if (state != null) {
                document.put(version, json(state));
            }
        });
        return document.encodePrettily().getBytes(StandardCharsets.UTF_8);
    }

    private static JsonObject json(CanaryState state) {
        JsonObject json = new JsonObject()
                .put("since", state.since().toString())
                .put("round", state.round())
                .put("step", state.step() + 1)
                .put("stepSince", state.stepSince().toString());
        CanaryAbort aborted = state.aborted();
        if (aborted != null) {
            json.put(
                    "aborted",
                    new JsonObject().put("at", aborted.at().toString()).put("reason", aborted.reason()));
        }
        return json;
    }

    /** Reads a document; nothing if it is none. */
    static Optional<Map<String, CanaryState>> read(String text) {
        try {
            JsonObject document = new JsonObject(text);
            Map<String, CanaryState> states = new HashMap<>();
            for (String version : document.fieldNames()) {
                states.put(version, state(document.getJsonObject(version)));
            }
            return Optional.of(states);
        } catch (DecodeException | ClassCastException | DateTimeException | NullPointerException noDocument) {
            return Optional.empty();
        }
    }

    private static CanaryState state(JsonObject json) {
        JsonObject aborted = json.getJsonObject("aborted");
        Instant since = Instant.parse(json.getString("since"));
        return new CanaryState(
                json.getLong("round", 0L),
                since,
                Math.max(0, json.getInteger("step", 1) - 1),
                Instant.parse(json.getString("stepSince", since.toString())),
                aborted == null
                        ? null
                        : new CanaryAbort(Instant.parse(aborted.getString("at")), aborted.getString("reason", "")));
    }
}
