package dev.pointsman.pick;

import dev.pointsman.pool.PickPolicy;
import dev.pointsman.pool.Picker;
import dev.pointsman.pool.Upstream;
import java.util.List;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Weighted round robin, smooth and bounded by load: upstreams take turns in proportion to their weights, the turns of one
 * as far apart as they can be (5, 1, 1 gives a b a a a c a, not a a a a a b c), passing over those that carry clearly
 * more than their share ({@link LoadBound}).
 *
 * <p>The order is laid out once for a snapshot ({@link SmoothOrder}) and walked by a cursor that serves all threads and
 * all snapshots; one that joins has the next turn. Thread-safe.
 */
public final class WeightedRoundRobin implements PickPolicy {
    private final TurnCursor cursor;

    /** A round that starts with the first turn. */
    public WeightedRoundRobin() {
        this(0);
    }

    /** A round that starts anywhere; any value is fine, also on the brink of overflow. */
    public WeightedRoundRobin(int start) {
        cursor = new TurnCursor(start);
    }

    @Override
    public Picker build(List<Upstream> ready, IntSupplier readyInFlight) {
        Upstream[] upstreams = ready.toArray(new Upstream[0]);
        Upstream[] turns = SmoothOrder.of(ready);
        cursor.order(upstreams, turns);
        LoadBound bound = LoadBound.spreading(ready, readyInFlight);
        return new CursorPicker(cursor, (at, tried) -> pick(upstreams, turns, bound, tried, at));
    }

    private static @Nullable Upstream pick(
            Upstream[] upstreams, Upstream[] turns, LoadBound bound, List<Upstream> tried, TurnCursor cursor) {
        int total = bound.total();
        for (int probe = 0; probe < upstreams.length; probe++) {
            Upstream next = cursor.next(turns);
            if (bound.allows(next.inFlight(), next.weightNow(), total) && next.isCandidate(tried)) {
                return next;
            }
        }
        // The next turns all belong to an upstream that cannot take them.
        return LeastLoaded.of(upstreams, tried, cursor.turn());
    }
}
