package dev.pointsman.registry.consul.internal.shared;

import java.util.HashMap;
import java.util.Map;

/** The changes between one list of checks and the next. Not thread-safe. */
final class CheckChanges {
    private Map<CheckScope, CheckDigest> newest = Map.of();

    /**
     * Takes over the next list.
     *
     * <p>The index of a list is no measure of what it explains: Consul also raises it when checks are registered again as
     * they are, along with something that is new about their service.
     *
     * @param listIndex the list's own index
     * @return the scopes of which a check is new, gone or changed, each with the index of Consul's up to which that explains what
     *     else changed
     */
    Map<CheckScope, Long> update(Map<CheckScope, CheckDigest> list, long listIndex) {
        Map<CheckScope, Long> different = new HashMap<>();
        list.forEach((scope, digest) -> {
            CheckDigest before = newest.getOrDefault(scope, CheckDigest.NONE);
            if (!digest.equals(before)) {
                boolean fresh = Long.compareUnsigned(digest.newest(), before.newest()) > 0;
                // Of a check that is gone nothing shows when it went, but that it was not later than this.
                different.put(scope, fresh ? digest.newest() : listIndex);
            }
        });
        newest.keySet().stream()
                .filter(scope -> !list.containsKey(scope))
                .forEach(scope -> different.put(scope, listIndex));
        newest = list;
        return different;
    }
}
