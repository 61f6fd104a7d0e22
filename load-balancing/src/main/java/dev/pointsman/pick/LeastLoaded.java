package dev.pointsman.pick;

import dev.pointsman.pool.Upstream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The upstream with the least in flight for its weight, as several policies look for it. Bounded, makes no object. */
final class LeastLoaded {
    /** 2³² / golden ratio: multiples of it, modulo 2³², fall as far from all earlier ones as they can. */
    private static final long GOLDEN_STEP = 0x9E3779B9L;

    private static final long WHOLE_INT = 0xFFFFFFFFL;

    private LeastLoaded() {}

    /**
     * The upstream with the least in flight for its weight, of those that may take the request; null if there is none.
     *
     * @param turn chooses among equal ones: over consecutive numbers, each has turns in proportion to its weight. (To begin
     *     the search somewhere else each time would not do: the one after a busy one would have its turns too.)
     */
    static @Nullable Upstream of(Upstream[] upstreams, List<Upstream> tried, int turn) {
        Upstream lightest = null;
        int ties = 0;
        long weight = 0;
        for (Upstream upstream : upstreams) {
            int compared = lightest == null ? -1 : compare(upstream, lightest);
            if (compared > 0 || !upstream.isCandidate(tried)) {
                continue;
            }
            ties = compared == 0 ? ties + 1 : 1;
            weight = upstream.weightNow() + (compared == 0 ? weight : 0);
            lightest = upstream;
        }
        if (lightest == null || ties == 1) {
            return lightest;
        }
        boolean even = weight == (long) ties * lightest.weightNow();
        long point = even
                ? (long) Math.floorMod(turn, ties) * lightest.weightNow()
                : (long) (((turn * GOLDEN_STEP) & WHOLE_INT) * 0x1p-32 * weight);
        return oneOfTheTied(upstreams, tried, lightest, point);
    }

    /** The tied upstream in whose stretch the point lies, when they are laid side by side, each as long as its weight. */
    private static Upstream oneOfTheTied(Upstream[] upstreams, List<Upstream> tried, Upstream lightest, long point) {
        long left = point;
        for (Upstream upstream : upstreams) {
            if (compare(upstream, lightest) == 0 && upstream.isCandidate(tried)) {
                left -= upstream.weightNow();
                if (left < 0) {
                    return upstream;
                }
            }
        }
        // Loads moved meanwhile.
        return lightest;
    }

    /** Compares what is in flight for the weight. */
    static int compare(Upstream one, Upstream other) {
        return Long.compare((long) one.inFlight() * other.weightNow(), (long) other.inFlight() * one.weightNow());
    }
}
