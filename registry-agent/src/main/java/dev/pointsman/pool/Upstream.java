package dev.pointsman.pool;

import dev.pointsman.registry.Instance;
import dev.pointsman.registry.InstanceKey;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * An instance, and this process's live state about it. The same object lives on as long as the registry lists the
 * instance, whatever else about it changes. Thread-safe: facts are written by the pool's writer alone, counters by
 * everyone.
 */
public final class Upstream {
    private final InstanceKey key;
    private final AtomicInteger poolInFlight;
    private final AtomicInteger inFlight = new AtomicInteger();
    private final LongAdder picks = new LongAdder();
    private final LongAdder failures = new LongAdder();

    private volatile Instance instance;
    private volatile boolean held;
    private volatile boolean gone;

    Upstream(Instance instance, boolean held, AtomicInteger poolInFlight) {
        this.key = instance.key();
        this.instance = instance;
        this.held = held;
        this.poolInFlight = poolInFlight;
    }

    public InstanceKey key() {
        return key;
    }

    /** The registry's newest facts. */
    public Instance instance() {
        return instance;
    }

    /** Whether the registry stopped listing it in a way that is not believed yet, see {@code ServiceView.held}. */
    public boolean held() {
        return held;
    }

    public Availability availability() {
        if (gone) {
            return Availability.GONE;
        }
        Instance facts = instance;
        return switch (facts.health()) {
            case MAINTENANCE -> Availability.MAINTENANCE;
            case CRITICAL -> Availability.CRITICAL;
            case PASSING, WARNING -> facts.weight() > 0 ? Availability.READY : Availability.WEIGHTLESS;
        };
    }

    /** Attempts that have begun and not ended. */
    public int inFlight() {
        return inFlight.get();
    }

    /** How often it was picked since this process first saw it. */
    public long picks() {
        return picks.sum();
    }

    /** How many attempts ended with {@link Outcome#FAILED} since this process first saw it. */
    public long failures() {
        return failures.sum();
    }

    /** Begins an attempt at this upstream; the caller must end it, once. */
    public Attempt begin() {
        inFlight.incrementAndGet();
        poolInFlight.incrementAndGet();
        picks.increment();
        return new Attempt(this);
    }

    void ended(Outcome outcome) {
        inFlight.decrementAndGet();
        poolInFlight.decrementAndGet();
        if (outcome == Outcome.FAILED) {
            failures.increment();
        }
    }

    void take(Instance newer, boolean nowHeld) {
        instance = newer;
        held = nowHeld;
    }

    void leave() {
        gone = true;
    }

    @Override
    public String toString() {
        return key + " at " + instance.authority();
    }
}
