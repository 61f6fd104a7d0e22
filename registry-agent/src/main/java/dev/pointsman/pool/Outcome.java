package dev.pointsman.pool;

/** How an attempt ended, as far as it speaks for or against its upstream. */
public enum Outcome {
    /** The upstream answered, whatever the status. */
    ANSWERED,
    /** The upstream could not be reached, answered nonsense, broke off, or was too slow. */
    FAILED,
    /** The attempt ended for a reason that says nothing about the upstream: the client left. */
    UNDECIDED
}
