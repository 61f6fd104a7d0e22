package dev.pointsman.canary;

import dev.pointsman.registry.Instance;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The canaries that a pool has at this moment. Immutable, but for what each group counts and serves.
 *
 * @param groups by version; none if the pool has no canary
 * @param others counts the attempts at the other instances
 */
record CanarySet(Map<String, CanaryGroup> groups, AttemptCounts others) {
    CanarySet {
        groups = Map.copyOf(groups);
    }

    /** The group that an instance belongs to; null if it is one of the others. */
    @Nullable
    CanaryGroup of(Instance instance) {
        CanaryTag tag = CanaryTag.of(instance);
        return tag == null ? null : groups.get(tag.version());
    }
}
