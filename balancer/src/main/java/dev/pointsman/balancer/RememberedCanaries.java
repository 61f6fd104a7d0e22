package dev.pointsman.balancer;

import dev.pointsman.canary.CanaryAgreement;
import dev.pointsman.canary.CanaryState;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The agreement of a balancer that decides alone, with the process whose place it takes and the one that takes its place: what
 * became of canaries is remembered, to be handed on. Thread-safe.
 */
final class RememberedCanaries implements CanaryAgreement {
    private final Map<String, Map<String, CanaryState>> targets = new HashMap<>();

    /** One that begins with what another process remembered, as {@link #legacy} has it. */
    RememberedCanaries(JsonObject legacy) {
        for (String target : legacy.fieldNames()) {
            CanaryDocument.read(legacy.getString(target)).ifPresent(states -> targets.put(target, states));
        }
    }

    @Override
    public AgreedTarget follow(String target, Consumer<Map<String, CanaryState>> listener) {
        Map<String, CanaryState> known;
        synchronized (targets) {
            known = Map.copyOf(targets.getOrDefault(target, Map.of()));
        }
        listener.accept(known);
        return () -> {};
    }

    @Override
    public void propose(String target, Map<String, CanaryState> states) {
        synchronized (targets) {
            Map<String, CanaryState> known = targets.computeIfAbsent(target, first -> new HashMap<>());
            states.forEach((version, state) -> known.merge(version, state, CanaryState::with));
        }
    }

    /** By target, what is remembered of its versions. */
    JsonObject legacy() {
        JsonObject all = new JsonObject();
        synchronized (targets) {
            targets.forEach((target, states) ->
                    all.put(target, new String(CanaryDocument.write(states, Set.of()), StandardCharsets.UTF_8)));
        }
        return all;
    }
}
