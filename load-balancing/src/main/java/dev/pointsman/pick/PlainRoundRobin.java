package dev.pointsman.pick;

import dev.pointsman.pool.PickPolicy;
import dev.pointsman.pool.Picker;
import dev.pointsman.pool.Upstream;
import java.util.List;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Round robin whatever the load: each pick takes the next upstream in order. Exactly even, and therefore as fast as the
 * slowest upstream lets it be: an upstream that hangs goes on getting its turns. {@link RoundRobin} does not have that flaw.
 *
 * <p>One cursor serves all threads and all snapshots (docs/adr/0003); one that joins has the next turn. Thread-safe.
 */
public final class PlainRoundRobin implements PickPolicy {
    private final TurnCursor cursor;

    /** A round that starts with the first upstream. */
    public PlainRoundRobin() {
        this(0);
    }

    /** A round that starts anywhere; any value is fine, also on the brink of overflow. */
    public PlainRoundRobin(int start) {
        cursor = new TurnCursor(start);
    }

    @Override
    public Picker build(List<Upstream> ready, IntSupplier readyInFlight) {
        Upstream[] upstreams = ready.toArray(new Upstream[0]);
        cursor.order(upstreams, upstreams);
        return new CursorPicker(cursor, (turns, tried) -> pick(upstreams, tried, turns));
    }

    private static @Nullable Upstream pick(Upstream[] upstreams, List<Upstream> tried, TurnCursor cursor) {
        int count = upstreams.length;
        for (int probe = 0; probe < count; probe++) {
            Upstream next = cursor.next(upstreams);
            if (next.isCandidate(tried) && next.takesTurn()) {
                return next;
            }
        }
        // The rest are in their slow start and pass this turn on, or were free only while another thread looked.
        return LeastLoaded.of(upstreams, tried, cursor.turn());
    }
}
