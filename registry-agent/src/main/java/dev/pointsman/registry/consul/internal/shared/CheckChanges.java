package dev.pointsman.registry.consul.internal.shared;

import java.util.Map;
import java.util.Set;

/**
 * The changes between one list of all checks and the next, and up to which index of Consul's they explain the catalog's.
 * Not thread-safe.
 */
final class CheckChanges {
    private Map<CheckKey, Long> newest = Map.of();
    /** The newest index at which a check was changed, as far as is known. */
    private long explained;

    /**
     * Takes over the next list.
     *
     * <p>The index of a list is no measure of what it explains: Consul also raises it when checks are registered again as
     * they are, along with something that is new about their service.
     *
     * @param checks the checks, and the index at which each was last changed
     * @param listIndex the list's own index
     * @return the checks that are new, gone or changed
     */
    Set<CheckKey> update(Map<CheckKey, Long> checks, long listIndex) {
        Set<CheckKey> different = CheckKey.different(newest, checks);
        newest = checks;
        for (CheckKey check : different) {
            // Of a check that is gone nothing shows when it went, but that it was not later than this.
            explainUpTo(newest.getOrDefault(check, listIndex));
        }
        return different;
    }

    /** The checks of the newest list, and the index at which each was last changed. */
    Map<CheckKey, Long> newest() {
        return newest;
    }

    /** Explains the catalog's indexes up to this one. */
    void explainUpTo(long index) {
        if (Long.compareUnsigned(index, explained) > 0) {
            explained = index;
        }
    }

    /**
     * Sets up to which index everything is explained, because every service is queried anyhow. It may be lower than before:
     * that of a Consul that lost its state.
     */
    void allQueriedAt(long index) {
        explained = index;
    }

    /** Whether the changes of checks are the reason for this index of the catalog's, as far as is known. */
    boolean explain(long catalogIndex) {
        return Long.compareUnsigned(explained, catalogIndex) >= 0;
    }

    /** Forgets every check; nothing is explained any more. */
    void clear() {
        newest = Map.of();
        explained = 0;
    }
}
