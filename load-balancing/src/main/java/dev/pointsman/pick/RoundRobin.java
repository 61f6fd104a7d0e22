package dev.pointsman.pick;

import dev.pointsman.pool.PickPolicy;
import dev.pointsman.pool.Picker;
import dev.pointsman.pool.Upstream;
import java.util.List;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Round robin, bounded by load: each pick takes the next upstream in order, passing over those that carry clearly more
 * than their share.
 *
 * <p>With {@code m} attempts in flight on {@code n} upstreams, the share of one, the new attempt included, is at most
 * {@code ceil(1.25 × (m + 1) / n)} (see {@link LoadBound}). An idle pool never reaches it and sees plain round robin; an
 * upstream that hangs stops being picked after one or two requests.
 *
 * <p>One cursor serves all threads and all snapshots, so that consecutive requests go to consecutive upstreams
 * whichever connection they come on (docs/adr/0003); one that joins has the next turn. Thread-safe.
 */
public final class RoundRobin implements PickPolicy {
    private final TurnCursor cursor;

    /** A round that starts with the first upstream. */
    public RoundRobin() {
        this(0);
    }

    /** A round that starts anywhere; any value is fine, also on the brink of overflow. */
    public RoundRobin(int start) {
        cursor = new TurnCursor(start);
    }

    @Override
    public Picker build(List<Upstream> ready, IntSupplier readyInFlight) {
        Upstream[] upstreams = ready.toArray(new Upstream[0]);
        cursor.order(upstreams, upstreams);
        return new CursorPicker(cursor, (turns, tried) -> pick(upstreams, readyInFlight, tried, turns));
    }

    private static @Nullable Upstream pick(
            Upstream[] upstreams, IntSupplier readyInFlight, List<Upstream> tried, TurnCursor cursor) {
        int count = upstreams.length;
        int total = Math.max(0, readyInFlight.getAsInt());
        for (int probe = 0; probe < count; probe++) {
            // The cursor moves with each probe: else the neighbour of a passed-over upstream gets its turns as well.
            Upstream next = cursor.next(upstreams);
            if (LoadBound.allowsOneOf(count, next.inFlight(), total) && next.isCandidate(tried) && next.takesTurn()) {
                return next;
            }
        }
        // Every turn was taken by another thread meanwhile, or only loaded upstreams are untried.
        return LeastLoaded.of(upstreams, tried, cursor.turn());
    }
}
