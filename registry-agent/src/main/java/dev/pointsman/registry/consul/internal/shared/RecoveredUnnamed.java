package dev.pointsman.registry.consul.internal.shared;

import dev.pointsman.registry.Health;
import dev.pointsman.registry.Instance;
import dev.pointsman.registry.InstanceKey;
import dev.pointsman.registry.consul.internal.query.ListView;
import dev.pointsman.registry.consul.internal.query.WatchedList;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The services of which an instance was last seen in trouble, though no check that is in trouble now is about it.
 *
 * <p>A check that fails and recovers before Consul, woken by the failure, reads its list again leaves no trace there. Where the
 * service happened to be queried in between, the failure is all that is known of it.
 */
final class RecoveredUnnamed {
    private RecoveredUnnamed() {}

    /** The names of these services among the followed ones; only the word of a list that is newer than that of the service counts. */
    static Set<String> among(
            Map<String, ? extends ListView<InstanceKey, Instance>> followed,
            WatchedList<CheckScope, CheckDigest> critical,
            WatchedList<CheckScope, CheckDigest> warning) {
        return followed.entrySet().stream()
                .filter(each -> each.getValue().responded())
                .filter(each -> each.getValue().entries().values().stream()
                        .filter(instance -> instance.health() != Health.PASSING)
                        .anyMatch(instance -> isUnnamed(
                                instance,
                                each.getKey(),
                                each.getValue().state().status().index(),
                                instance.health() == Health.WARNING ? warning : critical)))
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    private static boolean isUnnamed(
            Instance instance, String service, long seenAt, WatchedList<CheckScope, CheckDigest> inTrouble) {
        String node = instance.key().node();
        return inTrouble.responded()
                && Long.compareUnsigned(inTrouble.state().status().index(), seenAt) > 0
                && !inTrouble.entries().containsKey(CheckScope.of(node, service))
                && !inTrouble.entries().containsKey(CheckScope.of(node, ""));
    }
}
