package dev.pointsman.pool;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Chooses among the ready upstreams of one snapshot. Thread-safe, never blocks, makes no object, and returns after a
 * bounded scan.
 */
@FunctionalInterface
public interface Picker {
    /**
     * Picks.
     *
     * @param tried upstreams that this request tried already, which it must not be sent to again; mostly empty
     * @param request what is known of the request, for policies that go by it
     * @return an upstream of this snapshot that has room (see {@link Upstream#hasRoom()}) and is not in {@code tried}, or
     *     null if there is none
     */
    @Nullable
    Upstream pick(List<Upstream> tried, RequestFacts request);

    /** Picks for a request of which nothing is known. */
    default @Nullable Upstream pick(List<Upstream> tried) {
        return pick(tried, RequestFacts.NONE);
    }

    /**
     * What the client should be given so that its next requests are picked the same upstream for, see the policy.
     *
     * @param picked the upstream that the request went to
     * @return null when there is nothing to give: the policy has no such thing, or the client has the right one
     */
    default @Nullable String token(Upstream picked, RequestFacts request) {
        return null;
    }
}
