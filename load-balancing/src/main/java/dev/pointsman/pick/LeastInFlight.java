package dev.pointsman.pick;

import dev.pointsman.pool.PickPolicy;
import dev.pointsman.pool.Picker;
import dev.pointsman.pool.Upstream;
import java.util.List;
import java.util.function.IntSupplier;

/**
 * Least in flight: picks the upstream with the least in flight for its weight; equal ones take turns. Looks at all of them in each pick, so for
 * hundreds of upstreams {@link TwoChoices} is the better one. Thread-safe.
 *
 * <p>Beware of an upstream that fails fast: it always has the least in flight. Ejection helps against it.
 */
public final class LeastInFlight implements PickPolicy {
    private final TurnCursor turn;

    /** A policy that starts with the first of equal upstreams. */
    public LeastInFlight() {
        this(0);
    }

    /** A policy that starts anywhere among equal upstreams; any value is fine, also on the brink of overflow. */
    public LeastInFlight(int start) {
        turn = new TurnCursor(start);
    }

    @Override
    public Picker build(List<Upstream> ready, IntSupplier readyInFlight) {
        Upstream[] upstreams = ready.toArray(new Upstream[0]);
        return new CursorPicker(turn, (at, tried) -> LeastLoaded.of(upstreams, tried, at.turnAndMove()));
    }
}
