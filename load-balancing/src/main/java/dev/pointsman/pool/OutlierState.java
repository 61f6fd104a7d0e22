package dev.pointsman.pool;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Whether one upstream is ejected, and the counts of failed attempts that decide it (passive health). Changed by
 * {@link Outliers} on the pool's writer alone; what pickers and attempts need may be read, and the probe claimed, by any
 * thread.
 *
 * <p>Each change of phase begins a new epoch. An attempt counts in the epoch that it began in, and in no other: a hundred
 * requests that hang on an upstream when it is ejected must not decide what happens to it once it is back.
 */
final class OutlierState {
    enum Ejection {
        /** Not ejected. */
        NONE,
        /** Ejected until {@link #until()}. */
        EJECTED,
        /** Was ejected; one attempt at a time decides whether it is readmitted. */
        PROBING
    }

    /** The epoch of an upstream that has just joined. */
    static final int FIRST_EPOCH = 1;

    private static final int NO_EPOCH = 0;

    /** The epoch whose probe is free, so that a claim of an old epoch's probe cannot take a new one's. */
    private final AtomicInteger freeProbe = new AtomicInteger(NO_EPOCH);

    private final AtomicInteger epoch = new AtomicInteger(FIRST_EPOCH);

    private volatile Ejection phase = Ejection.NONE;
    private volatile boolean gated;
    private volatile boolean inDoubt;
    private volatile String reason = "";

    /** Whether it is ejected or probing for its rate of errors: then a 5xx fails a probe. */
    private volatile boolean byRate;

    /** The failures to connect, in a row. This and what follows belongs to the pool's writer alone. */
    private int connectFailures;

    private int failures;
    private int errorStatuses;
    private boolean suppressed;
    private boolean rateSuppressed;
    /** By how many doublings the time of an ejection has grown, plus 1; 0 before the first. */
    private int level;

    private long since;
    private long until;

    Ejection phase() {
        return phase;
    }

    int epoch() {
        return epoch.get();
    }

    /** Why it is in its phase, as a sentence; empty if it was never ejected. */
    String reason() {
        return reason;
    }

    /** Whether failures were counted that a response would take back. */
    boolean inDoubt() {
        return inDoubt;
    }

    /** Whether it accepts probes only, one at a time. */
    boolean gated() {
        return gated;
    }

    /** Closes or opens the upstream for all attempts but probes; closed only while it is probing. */
    void gate(boolean closed) {
        gated = closed;
    }

    boolean probeIsFree() {
        return freeProbe.get() == epoch.get();
    }

    /** Takes the probe of the given epoch; false when it is taken, or the epoch is over. */
    boolean claimProbe(int ofEpoch) {
        return freeProbe.compareAndSet(ofEpoch, NO_EPOCH);
    }

    /** Gives a claimed probe back, so that the next request can be the probe. */
    void returnProbe(int ofEpoch) {
        freeProbe.compareAndSet(NO_EPOCH, ofEpoch);
    }

    void count(Outcome outcome) {
        connectFailures = outcome == Outcome.CONNECT_FAILED ? connectFailures + 1 : 0;
        failures = outcome.isFailure() ? failures + 1 : 0;
        errorStatuses++;
        inDoubt = true;
    }

    int connectFailures() {
        return connectFailures;
    }

    int failures() {
        return failures;
    }

    int errorStatuses() {
        return errorStatuses;
    }

    void forgive() {
        connectFailures = 0;
        failures = 0;
        errorStatuses = 0;
        suppressed = false;
        inDoubt = false;
    }

    /** Notes that an ejection was suppressed, as too much of the pool is ejected; true the first time. */
    boolean suppress() {
        boolean first = !suppressed;
        suppressed = true;
        return first;
    }

    /** Notes that an ejection for its rate of errors was suppressed, or that the rate is fine; true the first time. */
    boolean suppressRate(boolean now) {
        boolean first = now && !rateSuppressed;
        rateSuppressed = now;
        return first;
    }

    boolean byRate() {
        return byRate;
    }

    void byRate(boolean now) {
        byRate = now;
    }

    int level() {
        return level;
    }

    /** Since when it has been in its phase, in nanoseconds of the pool's clock. */
    long since() {
        return since;
    }

    /** When its ejection is over, in nanoseconds of the pool's clock; meaningful in {@link Ejection#EJECTED} alone. */
    long until() {
        return until;
    }

    void eject(int newLevel, long now, long end, String why) {
        level = newLevel;
        until = end;
        enter(Ejection.EJECTED, now, why);
    }

    void probe(long now, String why) {
        enter(Ejection.PROBING, now, why);
        freeProbe.set(epoch.get());
    }

    void readmit(long now, String why) {
        byRate = false;
        enter(Ejection.NONE, now, why);
    }

    /** Takes over what another pool knows of the same instance. */
    void inherit(OutlierState known, long now) {
        // First, as what it writes before it is to be seen.
        Ejection knownPhase = known.phase();
        level = known.level;
        byRate = known.byRate;
        if (knownPhase == Ejection.EJECTED) {
            eject(level, known.since, known.until, known.reason);
        } else if (knownPhase == Ejection.PROBING) {
            probe(now, known.reason);
        }
    }

    /** Forgets everything: another process runs behind the instance. */
    void reset(long now) {
        level = 0;
        byRate = false;
        rateSuppressed = false;
        enter(Ejection.NONE, now, "");
    }

    private void enter(Ejection next, long now, String why) {
        forgive();
        gated = false;
        freeProbe.set(NO_EPOCH);
        reason = why;
        since = now;
        phase = next;
        epoch.incrementAndGet();
    }
}
