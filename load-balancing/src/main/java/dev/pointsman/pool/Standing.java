package dev.pointsman.pool;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * What this process holds of one upstream, going by how attempts at it ended. Moved by {@link Outliers} on the pool's
 * writer alone; what pickers and attempts need may be read, and the probe claimed, by anyone.
 *
 * <p>Each change of phase begins a new term. An attempt is of the term it began in, and speaks for or against that term
 * only: a hundred requests that hang on an upstream when it is ejected must not be what it is judged by once it is back.
 */
final class Standing {
    enum Phase {
        IN,
        OUT,
        PROBING
    }

    private static final int NO_TERM = 0;

    /** The term whose probe is to be had, so that a claim of an old term's probe cannot take a new one's. */
    private final AtomicInteger freeProbe = new AtomicInteger(NO_TERM);

    private final AtomicInteger term = new AtomicInteger(NO_TERM + 1);

    private volatile Phase phase = Phase.IN;
    private volatile boolean gated;
    private volatile boolean inDoubt;
    private volatile String reason = "";

    /** In a row. From here on the writer's alone. */
    private int connectFailures;

    private int failures;
    private int errorStatuses;
    private boolean withheld;
    /** How many doublings of the first time an ejection has come to. */
    private int level;

    private long since;
    private long until;

    Phase phase() {
        return phase;
    }

    int term() {
        return term.get();
    }

    /** Why it is in its phase, as a sentence; empty if nothing ever happened. */
    String reason() {
        return reason;
    }

    /** Whether something was counted against it that an answer would take back. */
    boolean inDoubt() {
        return inDoubt;
    }

    /** Whether it takes probes only, one at a time. */
    boolean gated() {
        return gated;
    }

    /** Opens or closes the gate for all but probes; closed only while it is probing. */
    void gate(boolean closed) {
        gated = closed;
    }

    boolean probeIsFree() {
        return freeProbe.get() == term.get();
    }

    /** Takes the probe of the given term; false when it is taken, or the term is over. */
    boolean claimProbe(int ofTerm) {
        return freeProbe.compareAndSet(ofTerm, NO_TERM);
    }

    /** Gives a claimed probe back, for the next request to be it. */
    void returnProbe(int ofTerm) {
        freeProbe.compareAndSet(NO_TERM, ofTerm);
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
        withheld = false;
        inDoubt = false;
    }

    /** Notes that it would be ejected if more of its pool might be; true the first time. */
    boolean withhold() {
        boolean first = !withheld;
        withheld = true;
        return first;
    }

    int level() {
        return level;
    }

    /** Since when it has been in its phase, in nanoseconds of the pool's clock. */
    long since() {
        return since;
    }

    /** When its ejection is over; of meaning in {@link Phase#OUT} alone. */
    long until() {
        return until;
    }

    void eject(int newLevel, long now, long end, String why) {
        level = newLevel;
        until = end;
        enter(Phase.OUT, now, why);
    }

    void probe(long now, String why) {
        enter(Phase.PROBING, now, why);
        freeProbe.set(term.get());
    }

    void readmit(long now, String why) {
        enter(Phase.IN, now, why);
    }

    /** Forgets everything: there is another process behind it. */
    void reset(long now) {
        level = 0;
        enter(Phase.IN, now, "");
    }

    private void enter(Phase next, long now, String why) {
        forgive();
        gated = false;
        freeProbe.set(NO_TERM);
        reason = why;
        since = now;
        phase = next;
        term.incrementAndGet();
    }
}
