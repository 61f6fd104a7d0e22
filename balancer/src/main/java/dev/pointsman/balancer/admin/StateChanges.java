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
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The newest changes of upstreams' states, canaries and routes, as the admin API lists them; older ones are in the log. Thread-safe. */
public final class StateChanges implements Consumer<StateChange> {
    /** The most changes in the list: enough for a deploy of a few services. */
    static final int KEPT = 500;

    private final InstantSource clock;
    private final Instant begun;
    private final Deque<Noted> newest = new ArrayDeque<>(KEPT);
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private long lastNumber;

    /**
     * A change of an instance, an event of a canary, or a table of routes; the others are null.
     *
     * @param number counts them without a gap; those of a process that starts later go on with larger ones
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
        // By the time, so that who goes on with the number of an earlier process misses nothing of this one.
        this.lastNumber = begun.toEpochMilli();
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
            newest.addFirst(new Noted(++lastNumber, at, change, canary, table));
        }
        listeners.forEach(Runnable::run);
    }

    /** Has somebody be called back right after each change, on any thread; must not block. */
    public void listen(Runnable listener) {
        listeners.add(listener);
    }

    /** The number of the newest change; where there was none yet, a smaller one than that of the first. */
    public long lastNumber() {
        synchronized (newest) {
            return lastNumber;
        }
    }

    /** The changes, the newest first. */
    List<Noted> newest() {
        synchronized (newest) {
            return new ArrayList<>(newest);
        }
    }
}
