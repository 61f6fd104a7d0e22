package dev.pointsman.pick;

import dev.pointsman.pool.Upstream;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Whose turn it is, for policies by turns: one cursor for all threads and all snapshots of a pool (docs/adr/0003). An upstream
 * that is new among those that are ready has the next turn, so that it does not wait until the round comes to it. Thread-safe
 * but for {@link #order}, which is for the pool's writer alone.
 */
final class TurnCursor {
    private final int start;
    private final AtomicInteger turn;
    private Upstream[] ready = {};

    /** A round that starts anywhere; any value is fine, also on the brink of overflow. */
    TurnCursor(int start) {
        this.start = start;
        turn = new AtomicInteger(start);
    }

    /** A cursor in the same place, to look ahead with. */
    TurnCursor copy() {
        return new TurnCursor(turn.get());
    }

    /** Whose turn it is by this order, and moves on. */
    Upstream next(Upstream[] order) {
        return order[Math.floorMod(turnAndMove(), order.length)];
    }

    /** The number of the next turn. */
    int turn() {
        return turn.get();
    }

    /** The number of the next turn, and moves on. */
    int turnAndMove() {
        return turn.getAndIncrement();
    }

    /**
     * Takes note of the order of a new snapshot. Before the first turn, and where there was none, nobody goes before others: all are
     * new.
     *
     * @param upstreams those that are ready
     * @param order the order of their turns, with each of them at least once
     */
    void order(Upstream[] upstreams, Upstream[] order) {
        Set<Upstream> before = new HashSet<>(Arrays.asList(ready));
        ready = upstreams;
        if (turn.get() == start || before.isEmpty() || before.containsAll(List.of(upstreams))) {
            return;
        }
        for (int place = 0; place < order.length; place++) {
            if (!before.contains(order[place])) {
                turn.set(place);
                return;
            }
        }
    }
}
