package dev.pointsman.pool;

import dev.pointsman.registry.Instance;
import dev.pointsman.registry.InstanceKey;
import dev.pointsman.registry.OneLine;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * An instance of a service, with this process's live state about it: attempts in flight, counts, whether it is ejected. The
 * same object lives on as long as the registry lists the instance, whatever else about it changes. Thread-safe: facts are
 * written by the pool's writer alone, counters by any thread.
 */
public final class Upstream {
    /** The tag by which an instance is a {@linkplain #isBackup backup}. */
    public static final String BACKUP_TAG = "pointsman.backup";

    /** The {@link #warmth()} of an upstream that is not in its slow start. */
    public static final int WHOLE = 100;

    private static final long NOT_PICKED = -1;

    private final InstanceKey key;
    private final String name;
    private final PoolCounters pool;
    private final BiConsumer<Attempt, Outcome> listener;
    private final int limit;
    private final LongSupplier nanos;
    private final StallDetector stalls;
    private final long joined;
    private final OutlierState outlierState = new OutlierState();
    private final AtomicInteger inFlight = new AtomicInteger();
    private final AtomicInteger turns = new AtomicInteger();
    private final LongAdder picks = new LongAdder();
    private final LongAdder failures = new LongAdder();
    private final LongAdder ejections = new LongAdder();
    private final LongAdder errors = new LongAdder();
    private final LongAdder undecided = new LongAdder();

    private volatile Instance instance;
    private volatile int weight;
    private volatile boolean weighedOut;
    private volatile boolean backup;
    private volatile int warmth = WHOLE;
    private volatile boolean retained;
    private volatile boolean stale;
    private volatile boolean gone;
    private volatile boolean drained;
    private volatile boolean closed;
    private volatile String order = "";
    private volatile long firstPickAfter = NOT_PICKED;
    private volatile Instant since = Instant.EPOCH;
    private volatile boolean sinceJoined = true;

    private volatile @Nullable Object attachment;

    /** The availability that was announced last. For the writer alone. */
    private @Nullable Availability announced;

    /**
     * An upstream that just joined.
     *
     * @param listener called when an attempt at it ends, or a response begins while it is ejected; on any thread
     * @param limit how many attempts may be in flight on it, 0 for any number
     * @param nanos the pool's clock
     */
    Upstream(
            Instance instance,
            boolean retained,
            PoolCounters pool,
            BiConsumer<Attempt, Outcome> listener,
            int limit,
            LongSupplier nanos) {
        this.key = instance.key();
        this.name = key.toString();
        this.instance = instance;
        this.weight = InstanceWeight.of(instance);
        this.weighedOut = InstanceWeight.isZero(instance);
        this.backup = isBackup(instance);
        this.retained = retained;
        this.pool = pool;
        this.listener = listener;
        this.limit = limit == 0 ? Integer.MAX_VALUE : limit;
        this.nanos = nanos;
        this.stalls = new StallDetector(pool);
        this.joined = nanos.getAsLong();
    }

    public InstanceKey key() {
        return key;
    }

    /** Node and id as one text, for hashes and logs: the same in every process, whatever else changes. */
    public String name() {
        return name;
    }

    /** What the pool's user keeps with it, such as the way to it; null until something is {@linkplain #attach attached}. */
    public @Nullable Object attachment() {
        return attachment;
    }

    /** Keeps this with it, in place of what was there. */
    public void attach(Object what) {
        attachment = what;
    }

    /** The registry's newest facts. */
    public Instance instance() {
        return instance;
    }

    /** Whether it is retained although the registry does not list it any more, see {@code ServiceView.retained}. */
    public boolean retained() {
        return retained;
    }

    /** Whether it is known from an earlier process only, see {@code ServiceView.stale}. */
    public boolean stale() {
        return stale;
    }

    public Availability availability() {
        if (gone) {
            return Availability.GONE;
        }
        if (drained) {
            return Availability.DRAINED;
        }
        return switch (instance.health()) {
            case MAINTENANCE -> Availability.MAINTENANCE;
            case CRITICAL -> Availability.CRITICAL;
            case PASSING, WARNING ->
                weight == 0
                        ? Availability.WEIGHTLESS
                        : switch (outlierState.phase()) {
                            case NONE -> Availability.READY;
                            case PROBING -> Availability.PROBING;
                            case EJECTED -> Availability.EJECTED;
                        };
        };
    }

    /** Why it has the availability that it has, in one sentence; empty when there is nothing to add. */
    public String why() {
        return switch (availability()) {
            case EJECTED, PROBING -> outlierState.reason();
            case DRAINED -> order;
            default -> instance.healthReason();
        };
    }

    /**
     * Its share of the traffic relative to its siblings, as configured: the {@code weight} of its metadata where that is a
     * whole number from 0 to 65,535, else Consul's for its health (for one that is critical, what counts when it passes).
     * Consul's 0 for a warning counts in any case.
     */
    public int weight() {
        return weight;
    }

    /**
     * Whether its weight was set to 0, in its metadata or in the registry: it gets no request then, even where there is no
     * other upstream. (A weight that is 0 while its checks warn says that it is unwell: it is used when the pool fails open.)
     */
    public boolean isWeighedOut() {
        return weighedOut;
    }

    /**
     * Whether it serves only while no upstream can that is no backup, as its tag {@value #BACKUP_TAG} says; the order is that
     * of {@link PoolSnapshot}.
     */
    public boolean isBackup() {
        return backup;
    }

    private static boolean isBackup(Instance instance) {
        return instance.tags().contains(BACKUP_TAG);
    }

    /**
     * Its share at this moment, in hundredths of {@link #weight()}: all of it, or less during its slow start. At least 1,
     * so that an upstream that is ready in a snapshot can be picked from it.
     */
    public int weightNow() {
        return Math.max(1, Math.max(1, weight) * warmth);
    }

    /** The share of its weight that counts at this moment, in percent: less than {@link #WHOLE} in its slow start alone. */
    public int warmth() {
        return warmth;
    }

    /** Since when it has been in the state that was announced last, see {@link StateChange}. */
    public Instant since() {
        return since;
    }

    /** Whether it was in that state when this process first saw it, so that it may have been so for longer. */
    public boolean isSinceJoined() {
        return sinceJoined;
    }

    /** For how many nanoseconds it is still ejected; empty if it is not. */
    public OptionalLong ejectedForNanos() {
        return outlierState.phase() == OutlierState.Ejection.EJECTED
                ? OptionalLong.of(Math.max(0, outlierState.until() - nanos.getAsLong()))
                : OptionalLong.empty();
    }

    /** Whether it has as many attempts in flight as it may have; of one that is probing, whether its probe is under way. */
    public boolean isFull() {
        return !isBelowLimit();
    }

    /**
     * Whether it takes this turn, for policies that do not go by weights. During its slow start it takes as many turns of a
     * hundred as its share has percent, evenly spread and the very first one among them; later all.
     */
    public boolean takesTurn() {
        int percent = warmth;
        if (percent >= WHOLE) {
            return true;
        }
        int turn = Math.floorMod(turns.getAndIncrement(), WHOLE);
        return turn * percent % WHOLE < percent;
    }

    /** Attempts that have begun and not ended. */
    public int inFlight() {
        return inFlight.get();
    }

    /**
     * Whether an attempt should begin: it is below its limit, it is not stalled or is due for a trial, and if it is probing,
     * its probe is free.
     */
    public boolean hasRoom() {
        return isBelowLimit() && (!stalls.isStalled() || stalls.isTrialDue(nanos.getAsLong()));
    }

    /** Whether a request should be sent to it that failed on the given upstreams: it has room and is none of them. */
    public boolean isCandidate(List<Upstream> tried) {
        return hasRoom() && (tried.isEmpty() || !tried.contains(this));
    }

    /** Whether an attempt may begin, stalled or not. */
    boolean isBelowLimit() {
        return inFlight.get() < limit && (!outlierState.gated() || outlierState.probeIsFree());
    }

    /**
     * Whether its responses have stopped coming while those of the other upstreams of its pool go on. It is passed over
     * then, but for one attempt now and then, as long as others are there.
     */
    public boolean isStalled() {
        return stalls.isStalled();
    }

    /** The time from its joining the pool to the first attempt at it, in nanoseconds; -1 if there was none yet. */
    public long firstPickAfterNanos() {
        return firstPickAfter;
    }

    /** The number of attempts that began at it since it joined the pool. */
    public long picks() {
        return picks.sum();
    }

    /** The number of attempts that failed ({@link Outcome#isFailure()}) since it joined the pool. */
    public long failures() {
        return failures.sum();
    }

    /** The number of attempts that ended in an error ({@link Outcome#isError()}) since it joined the pool. */
    long errors() {
        return errors.sum();
    }

    /** About how many attempts have ended with a verdict since it joined the pool; exact when none begins or ends. */
    long attemptsDecided() {
        return picks.sum() - undecided.sum() - inFlight.get();
    }

    /** The number of its ejections since it joined the pool, failed probes included. */
    public long ejections() {
        return ejections.sum();
    }

    /** Begins an attempt at this upstream, room or not; the caller must end it, once. */
    public Attempt begin() {
        int epoch = outlierState.epoch();
        boolean probe = outlierState.gated() && outlierState.claimProbe(epoch);
        inFlight.incrementAndGet();
        return begun(epoch, probe);
    }

    /**
     * Begins an attempt if there is room for it; the caller must end it, once. Null if there is none, or if the upstream has left
     * its pool or was drained.
     */
    public @Nullable Attempt tryBegin() {
        int epoch = outlierState.epoch();
        if (!takePermit()) {
            return null;
        }
        // Looked at after the permit was taken: so none begins any more once it is closed and has nothing in flight.
        if (gone || closed) {
            inFlight.decrementAndGet();
            return null;
        }
        boolean gated = outlierState.gated();
        if (gated && !outlierState.claimProbe(epoch)) {
            inFlight.decrementAndGet();
            return null;
        }
        return begun(epoch, gated);
    }

    private boolean takePermit() {
        int now = inFlight.get();
        while (now < limit) {
            if (inFlight.compareAndSet(now, now + 1)) {
                return true;
            }
            now = inFlight.get();
        }
        return false;
    }

    private Attempt begun(int epoch, boolean probe) {
        pool.inFlight.incrementAndGet();
        pool.picks.increment();
        picks.increment();
        if (stalls.isStalled()) {
            stalls.trialBegan(nanos.getAsLong());
        }
        stalls.attemptBegan();
        if (firstPickAfter == NOT_PICKED) {
            firstPickAfter = Math.max(0, nanos.getAsLong() - joined);
        }
        return new Attempt(this, epoch, probe);
    }

    void responseBegan(Attempt attempt, Outcome byHead) {
        stalls.responseBegan();
        if (outlierState.phase() != OutlierState.Ejection.NONE) {
            listener.accept(attempt, byHead);
        }
    }

    void ended(Attempt attempt, Outcome outcome) {
        inFlight.decrementAndGet();
        pool.inFlight.decrementAndGet();
        if (outcome == Outcome.CONNECT_FAILED || outcome == Outcome.BROKEN) {
            stalls.signOfLife();
        } else if (outcome == Outcome.NOT_TRIED) {
            stalls.attemptTakenBack();
        }
        if (outcome.isError()) {
            errors.increment();
        } else if (!outcome.isVerdict()) {
            undecided.increment();
        }
        if (outcome.isFailure()) {
            failures.increment();
            pool.failures.increment();
        }
        listener.accept(attempt, outcome);
    }

    OutlierState outlierState() {
        return outlierState;
    }

    void countEjection() {
        ejections.increment();
        pool.ejections.increment();
    }

    void take(Instance newer, boolean nowRetained) {
        weight = InstanceWeight.of(newer);
        weighedOut = InstanceWeight.isZero(newer);
        backup = isBackup(newer);
        instance = newer;
        retained = nowRetained;
    }

    /** Notes whether the registry has listed it yet in this process's life. */
    void stale(boolean now) {
        stale = now;
    }

    /** Sets the share of its weight that counts, in percent. */
    void warm(int percent) {
        warmth = percent;
    }

    /** Lets no attempt begin any more, except by {@link #begin()}. */
    void leave() {
        gone = true;
    }

    /**
     * Takes it out of service, or has it be as it is without that; no attempt is kept from beginning yet.
     *
     * @param why in one sentence
     */
    void drain(boolean now, String why) {
        order = why;
        drained = now;
    }

    /** Whether it was taken out of service in this process. */
    boolean isDrained() {
        return drained;
    }

    /** Why it was taken out of service in this process, or readmitted; empty if it never was. */
    String order() {
        return order;
    }

    /** Lets no attempt begin, except by {@link #begin()}, or lets them again. */
    void close(boolean now) {
        closed = now;
    }

    /** Whether it has left its pool or was drained, and takes no attempt: an older snapshot may still have it. */
    boolean isClosed() {
        return gone || closed;
    }

    /** The availability that was announced last, or null if none was. For the writer alone. */
    @Nullable
    Availability announced() {
        return announced;
    }

    /** Notes the availability that is announced at this time, and returns the one before; null if there was none. */
    @Nullable
    Availability announce(Availability now, Instant at) {
        Availability before = announced;
        if (before != now) {
            since = at;
            sinceJoined = before == null;
        }
        announced = now;
        return before;
    }

    @Override
    public String toString() {
        return OneLine.of(name) + " at " + OneLine.of(instance.authority());
    }
}
