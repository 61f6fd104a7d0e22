package dev.pointsman.balancer.admin;

import dev.pointsman.canary.CanaryEvent;
import dev.pointsman.canary.CanaryState.CanaryAbort;
import dev.pointsman.canary.CanaryView;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;

/** Canaries as the JSON of the admin API. */
final class CanaryJson {
    private CanaryJson() {}

    static JsonArray of(List<CanaryView> canaries) {
        JsonArray list = new JsonArray();
        canaries.forEach(canary -> list.add(of(canary)));
        return list;
    }

    private static JsonObject of(CanaryView canary) {
        CanaryAbort aborted = canary.aborted();
        return new JsonObject()
                .put("version", canary.version())
                .put("share", canary.share())
                .put("step", canary.step() == 0 ? null : canary.step())
                .put("steps", canary.steps() == 0 ? null : canary.steps())
                .put("since", canary.since().toString())
                .put(
                        "aborted",
                        aborted == null
                                ? null
                                : new JsonObject()
                                        .put("at", aborted.at().toString())
                                        .put("reason", aborted.reason()))
                .put("own", counts(canary.attempts(), canary.errors(), canary.p99Micros()))
                .put("others", counts(canary.othersAttempts(), canary.othersErrors(), canary.othersP99Micros()));
    }

    private static JsonObject counts(long attempts, long errors, long p99Micros) {
        return new JsonObject().put("attempts", attempts).put("errors", errors).put("p99Ms", p99Micros / 1e3);
    }

    /** An event among the changes: of a version, where the others are of an instance. */
    static JsonObject of(Instant at, CanaryEvent event) {
        return new JsonObject()
                .put("at", at.toString())
                .put("target", event.target())
                .put("canary", event.version())
                .put("to", StateView.lowerCase(event.kind()))
                .put("share", event.share())
                .put("reason", event.reason());
    }
}
