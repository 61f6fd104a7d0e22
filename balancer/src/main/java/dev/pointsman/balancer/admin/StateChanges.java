package dev.pointsman.balancer.admin;

import dev.pointsman.pool.StateChange;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;

/** The newest changes of upstreams' states, as the admin API lists them; older ones are in the log. Thread-safe. */
public final class StateChanges implements Consumer<StateChange> {
    /** The most changes in the list: enough for a deploy of a few services. */
    static final int KEPT = 500;

    private final InstantSource clock;
    private final Deque<Noted> newest = new ArrayDeque<>(KEPT);

    record Noted(Instant at, StateChange change) {}

    public StateChanges(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public void accept(StateChange change) {
        synchronized (newest) {
            if (newest.size() == KEPT) {
                newest.removeLast();
            }
            newest.addFirst(new Noted(clock.instant(), change));
        }
    }

    /** The changes, the newest first. */
    List<Noted> newest() {
        synchronized (newest) {
            return new ArrayList<>(newest);
        }
    }
}
