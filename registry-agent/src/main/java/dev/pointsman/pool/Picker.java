package dev.pointsman.pool;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Chooses among the ready upstreams of one snapshot. Thread-safe, never blocks, returns after a bounded scan. */
@FunctionalInterface
public interface Picker {
    /**
     * Picks.
     *
     * @param tried upstreams that this request tried already, which it must not be sent to again; mostly empty
     * @return an upstream that is ready in this snapshot and not in {@code tried}, or null if there is none
     */
    @Nullable
    Upstream pick(List<Upstream> tried);
}
