package dev.pointsman.pool;

import dev.pointsman.registry.Instance;
import dev.pointsman.registry.InstanceKey;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * An instance, and this process's live state about it. The same object lives on as long as the registry lists the
 * instance, whatever else about it changes. Thread-safe: facts are written by the pool's writer alone, counters by
 * everyone.
 */
public final class Upstream {
    private static final int WHOLE = 100;
    private static final long NOT_PICKED = -1;

    private final InstanceKey key;
    private final String name;
    private final PoolCounters pool;
    private final Judge judge;
    private final int limit;
    private final LongSupplier nanos;
    private final Stall stall;
    private final long joined;
    private final Standing standing = new Standing();
    private final AtomicInteger inFlight = new AtomicInteger();
    private final AtomicInteger turns = new AtomicInteger();
    private final LongAdder picks = new LongAdder();
    private final LongAdder failures = new LongAdder();
    private final LongAdder ejections = new LongAdder();

    private volatile Instance instance;
    private volatile int weight;
    private volatile int warmth = WHOLE;
    private volatile boolean held;
    private volatile boolean unverified;
    private volatile boolean gone;
    private volatile long firstPickAfter = NOT_PICKED;

    /** What was last said of it. The writer's alone. */
    private @Nullable Availability announced;

    /**
     * An upstream that just joined.
     *
     * @param limit how many attempts may be in flight on it, 0 for any number
     * @param nanos the pool's clock
     */
    Upstream(Instance instance, boolean held, PoolCounters pool, Judge judge, int limit, LongSupplier nanos) {
        this.key = instance.key();
        this.name = key.toString();
        this.instance = instance;
        this.weight = Weighing.weight(instance);
        this.held = held;
        this.pool = pool;
        this.judge = judge;
        this.limit = limit == 0 ? Integer.MAX_VALUE : limit;
        this.nanos = nanos;
        this.stall = new Stall(pool);
        this.joined = nanos.getAsLong();
    }

    public InstanceKey key() {
        return key;
    }

    /** Node and id in one, as hashes and logs name it: the same in every process, whatever else changes. */
    public String name() {
        return name;
    }

    /** The registry's newest facts. */
    public Instance instance() {
        return instance;
    }

    /** Whether the registry stopped listing it in a way that is not believed yet, see {@code ServiceView.held}. */
    public boolean held() {
        return held;
    }

    /** Whether it is known from an earlier process only, see {@code ServiceView.stale}. */
    public boolean unverified() {
        return unverified;
    }

    public Availability availability() {
        if (gone) {
            return Availability.GONE;
        }
        return switch (instance.health()) {
            case MAINTENANCE -> Availability.MAINTENANCE;
            case CRITICAL -> Availability.CRITICAL;
            case PASSING, WARNING ->
                weight == 0
                        ? Availability.WEIGHTLESS
                        : switch (standing.phase()) {
                            case IN -> Availability.READY;
                            case PROBING -> Availability.PROBING;
                            case OUT -> Availability.EJECTED;
                        };
        };
    }

    /** Why it has the availability that it has, in one sentence; empty when there is nothing to add. */
    public String why() {
        return switch (availability()) {
            case EJECTED, PROBING -> standing.reason();
            default -> instance.healthReason();
        };
    }

    /**
     * Its share of the traffic relative to its siblings, as configured: the {@code weight} of its metadata where that is a
     * whole number from 0 to 65,535, else Consul's for its health. Consul's 0 for a warning counts in any case.
     */
    public int weight() {
        return weight;
    }

    /**
     * Its share at this moment, in hundredths of {@link #weight()}: all of it, or less while it starts slowly. At least 1,
     * so that whoever was admitted to a snapshot can be picked from it.
     */
    public int weightNow() {
        return Math.max(1, Math.max(1, weight) * warmth);
    }

    /**
     * For policies that do not weigh: whether it takes this turn. While it starts slowly it takes as many of a hundred as
     * its warmth says, evenly spread; later all.
     */
    public boolean takesTurn() {
        int percent = warmth;
        if (percent >= WHOLE) {
            return true;
        }
        int turn = Math.floorMod(turns.getAndIncrement(), WHOLE);
        return (turn + 1) * percent / WHOLE > turn * percent / WHOLE;
    }

    /** Attempts that have begun and not ended. */
    public int inFlight() {
        return inFlight.get();
    }

    /**
     * Whether an attempt should begin: it is below its limit, it is not stalled or is due for a trial, and if it was
     * ejected, the probe is to be had.
     */
    public boolean hasRoom() {
        return isBelowLimit() && (!stall.isStalled() || stall.isTrickleDue(nanos.getAsLong()));
    }

    /** Whether an attempt may begin, stalled or not. */
    boolean isBelowLimit() {
        return inFlight.get() < limit && (!standing.gated() || standing.probeIsFree());
    }

    /**
     * Whether its answers have stopped coming while those of its pool's others go on. It is passed over then, but for one
     * attempt now and then, as long as others are there.
     */
    public boolean isStalled() {
        return stall.isStalled();
    }

    /** Nanoseconds from its joining the pool to the first attempt at it; -1 if there was none yet. */
    public long firstPickAfterNanos() {
        return firstPickAfter;
    }

    /** How often it was picked since this process first saw it. */
    public long picks() {
        return picks.sum();
    }

    /** How many attempts failed ({@link Outcome#isFailure()}) since this process first saw it. */
    public long failures() {
        return failures.sum();
    }

    /** How often it was ejected since this process first saw it, failed probes included. */
    public long ejections() {
        return ejections.sum();
    }

    /** Begins an attempt at this upstream, room or not; the caller must end it, once. */
    public Attempt begin() {
        int term = standing.term();
        boolean probe = standing.gated() && standing.claimProbe(term);
        inFlight.incrementAndGet();
        return begun(term, probe);
    }

    /** Begins an attempt if there is room for it; the caller must end it, once. Null if there is none. */
    public @Nullable Attempt tryBegin() {
        int term = standing.term();
        if (!takePlace()) {
            return null;
        }
        boolean gated = standing.gated();
        if (gated && !standing.claimProbe(term)) {
            inFlight.decrementAndGet();
            return null;
        }
        return begun(term, gated);
    }

    private boolean takePlace() {
        int now = inFlight.get();
        while (now < limit) {
            if (inFlight.compareAndSet(now, now + 1)) {
                return true;
            }
            now = inFlight.get();
        }
        return false;
    }

    private Attempt begun(int term, boolean probe) {
        pool.inFlight.incrementAndGet();
        pool.picks.increment();
        picks.increment();
        if (stall.isStalled()) {
            stall.trickled(nanos.getAsLong());
        }
        stall.begun();
        if (firstPickAfter == NOT_PICKED) {
            firstPickAfter = Math.max(0, nanos.getAsLong() - joined);
        }
        return new Attempt(this, term, probe);
    }

    void answering(Outcome byHead, int term, boolean probe) {
        stall.answered();
        if (standing.phase() != Standing.Phase.IN) {
            judge.hear(this, byHead, term, probe);
        }
    }

    void ended(Outcome outcome, int term, boolean probe) {
        inFlight.decrementAndGet();
        pool.inFlight.decrementAndGet();
        if (outcome == Outcome.CONNECT_FAILED || outcome == Outcome.BROKEN) {
            stall.signOfLife();
        }
        if (outcome.isFailure()) {
            failures.increment();
            pool.failures.increment();
        }
        judge.hear(this, outcome, term, probe);
    }

    Standing standing() {
        return standing;
    }

    void countEjection() {
        ejections.increment();
        pool.ejections.increment();
    }

    void take(Instance newer, boolean nowHeld) {
        weight = Weighing.weight(newer);
        instance = newer;
        held = nowHeld;
    }

    /** Takes note of whether the registry has said anything of it yet. */
    void unverified(boolean now) {
        unverified = now;
    }

    /** Sets how much of its weight counts, in percent. */
    void warm(int percent) {
        warmth = percent;
    }

    void leave() {
        gone = true;
    }

    /** Takes note of what is said of it now, and returns what was said before; null if nothing was. */
    @Nullable
    Availability announce(Availability now) {
        Availability before = announced;
        announced = now;
        return before;
    }

    @Override
    public String toString() {
        return name + " at " + instance.authority();
    }
}
