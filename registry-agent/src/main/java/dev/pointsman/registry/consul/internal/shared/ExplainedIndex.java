package dev.pointsman.registry.consul.internal.shared;

/** Up to which index of Consul's the changes that are known explain the catalog's. Not thread-safe. */
final class ExplainedIndex {
    /** The newest index at which something was changed, as far as is known. */
    private long explained;

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

    /** Whether what is known is the reason for this index of the catalog's. */
    boolean explains(long catalogIndex) {
        return Long.compareUnsigned(explained, catalogIndex) >= 0;
    }
}
