package dev.pointsman.balancer.admin;

import dev.pointsman.canary.CanaryEvent;
import dev.pointsman.pool.StateChange;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The newest changes of upstreams' states, as the admin API lists them; older ones are in the log. Thread-safe. */
public final class StateChanges implements Consumer<StateChange> {
    /** The most changes in the list: enough for a deploy of a few services. */
    static final int KEPT = 500;

    private final InstantSource clock;
    private final Deque<Noted> newest = new ArrayDeque<>(KEPT);

    /** A change of an instance, or an event of a canary; the other one is null. */
    record Noted(
            Instant at,
            @Nullable StateChange change,
            @Nullable CanaryEvent canary) {}

    public StateChanges(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public void accept(StateChange change) {
        note(new Noted(clock.instant(), change, null));
    }

    /** Notes what happened to a canary. */
    public void canary(CanaryEvent event) {
        note(new Noted(clock.instant(), null, event));
    }

    private void note(Noted noted) {
        synchronized (newest) {
            if (newest.size() == KEPT) {
                newest.removeLast();
            }
            newest.addFirst(noted);
        }
    }

    /** The changes, the newest first. */
    List<Noted> newest() {
        synchronized (newest) {
            return new ArrayList<>(newest);
        }
    }
}
