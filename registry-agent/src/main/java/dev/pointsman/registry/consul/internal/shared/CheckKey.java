package dev.pointsman.registry.consul.internal.shared;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The identity of a health check in Consul.
 *
 * @param node the node that it is on
 * @param service the name of the service that it is about, or empty for one of the node as a whole
 * @param id the check's id, unique on its node
 */
record CheckKey(String node, String service, String id) {
    /** The checks that are there, not there, or changed in one and not in the other. */
    static Set<CheckKey> different(Map<CheckKey, Long> before, Map<CheckKey, Long> now) {
        Set<CheckKey> different = new HashSet<>();
        now.forEach((key, index) -> {
            if (!index.equals(before.get(key))) {
                different.add(key);
            }
        });
        before.keySet().stream().filter(key -> !now.containsKey(key)).forEach(different::add);
        return different;
    }
}
