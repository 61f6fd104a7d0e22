package dev.pointsman.pool;

/** Hears how attempts end; thread-safe. */
@FunctionalInterface
interface Judge {
    /** Judges nothing. */
    Judge NONE = (upstream, outcome, term, probe) -> {};

    void hear(Upstream upstream, Outcome outcome, int term, boolean probe);
}
