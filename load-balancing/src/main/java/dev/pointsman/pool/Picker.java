package dev.pointsman.pool;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A policy's choice among the ready upstreams of one snapshot. Thread-safe, never blocks, makes no object, and returns after
 * a bounded scan.
 */
@FunctionalInterface
public interface Picker {
    /**
     * Picks an upstream for a request.
     *
     * @param tried upstreams that this request tried already, which it must not be sent to again; mostly empty
     * @param request what is known of the request, for policies that go by it
     * @return an upstream of this snapshot that has room and is not in {@code tried} ({@link Upstream#isCandidate}), or null
     *     if there is none
     */
    @Nullable
    Upstream pick(List<Upstream> tried, RequestFacts request);

    /** Picks for a request about which nothing is known. */
    default @Nullable Upstream pick(List<Upstream> tried) {
        return pick(tried, RequestFacts.NONE);
    }

    /**
     * A token that the client should keep and send, so that its next requests go to the same upstream.
     *
     * @param picked the upstream that the request went to
     * @return null when the client needs none: the policy has no tokens, or the client has the right one already
     */
    default @Nullable String token(Upstream picked, RequestFacts request) {
        return null;
    }

    /**
     * The upstream that {@link #pick} would return now for a request that has tried none. Changes nothing: whose turn it is
     * stays as it is. Meant for upstreams that neither stall nor are in their slow start, see {@link PoolSnapshot#peek}.
     *
     * @return null if there is none, or if it cannot be known, as where the policy draws
     */
    default @Nullable Upstream peek(RequestFacts request) {
        return null;
    }
}
