package dev.pointsman.balancer.admin;

import dev.pointsman.balancer.history.TableChange;
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

/** The newest changes of upstreams' states, canaries and routes, as the admin API lists them; older ones are in the log. Thread-safe. */
public final class StateChanges implements Consumer<StateChange> {
    /** The most changes in the list: enough for a deploy of a few services. */
    static final int KEPT = 500;

    private final InstantSource clock;
    private final Instant begun;
    private final Deque<Noted> newest = new ArrayDeque<>(KEPT);
    private long last;

    /**
     * A change of an instance, an event of a canary, or a table of routes; the others are null.
     *
     * @param number counted from 1 since the process began, without a gap
     */
    record Noted(
            long number,
            Instant at,
            @Nullable StateChange change,
            @Nullable CanaryEvent canary,
            @Nullable TableChange table) {}

    public StateChanges(InstantSource clock) {
        this.clock = clock;
        this.begun = clock.instant();
    }

    /** When the first change could be noted: tells the numbers of one process from those of another. */
    Instant begun() {
        return begun;
    }

    @Override
    public void accept(StateChange change) {
        note(clock.instant(), change, null, null);
    }

    /** Notes what happened to a canary. */
    public void canary(CanaryEvent event) {
        note(clock.instant(), null, event, null);
    }

    /** Notes that a table of routes came into force. */
    public void routes(TableChange table) {
        note(table.at(), null, null, table);
    }

    private void note(
            Instant at, @Nullable StateChange change, @Nullable CanaryEvent canary, @Nullable TableChange table) {
        synchronized (newest) {
            if (newest.size() == KEPT) {
                newest.removeLast();
            }
            newest.addFirst(new Noted(++last, at, change, canary, table));
        }
    }

    /** The changes, the newest first. */
    List<Noted> newest() {
        synchronized (newest) {
            return new ArrayList<>(newest);
        }
    }
}
