package dev.pointsman.pool;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A pool at one moment. A request reads it once per attempt and uses only it.
 *
 * @param target the tag or service name whose upstreams these are
 * @param upstreams all of them, sorted by key, ready or not
 * @param ready those that may be picked, in the same order
 * @param failOpen whether nothing looks healthy, so that {@code ready} is all that is not in maintenance
 * @param picker chooses among {@code ready}
 */
public record PoolSnapshot(
        String target, List<Upstream> upstreams, List<Upstream> ready, boolean failOpen, Picker picker) {
    /**
     * Picks and begins in one, so that neither an upstream's limit nor the one probe of an ejected upstream is exceeded
     * when several threads pick at a time. (To pick and then {@link Upstream#begin()} may exceed them by a few.)
     *
     * @param tried as in {@link Picker#pick(List, RequestFacts)}
     * @return the attempt, which the caller must end; null if nobody can be picked
     */
    public @Nullable Attempt begin(List<Upstream> tried, RequestFacts request) {
        for (int round = 0; round <= ready.size(); round++) {
            Upstream picked = picker.pick(tried, request);
            if (picked == null) {
                picked = stalledOne(tried);
            }
            if (picked == null) {
                return null;
            }
            Attempt attempt = picked.tryBegin();
            if (attempt != null) {
                return attempt;
            }
        }
        return null;
    }

    /** Rather one that may not answer than a refusal: of those that were passed over for that, the one with the least. */
    private @Nullable Upstream stalledOne(List<Upstream> tried) {
        Upstream least = null;
        for (Upstream upstream : ready) {
            boolean passedOver = upstream.isStalled() && upstream.isBelowLimit() && !tried.contains(upstream);
            if (passedOver && (least == null || upstream.inFlight() < least.inFlight())) {
                least = upstream;
            }
        }
        return least;
    }

    /** Whether someone is left that was not tried, and that may be picked now or when it has room again. */
    public boolean hasUntried(List<Upstream> tried) {
        for (Upstream upstream : ready) {
            if (!tried.contains(upstream)) {
                return true;
            }
        }
        return false;
    }
}
