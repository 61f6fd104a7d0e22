package dev.pointsman.pool;

/**
 * A receiver of what became of attempts, with their times, for policies that compare upstreams. Thread-safe; never blocks and
 * makes no object.
 */
public interface AttemptMeter {
    /** The time at which an attempt begins, on the meter's own clock. */
    long begin();

    /**
     * Notes that the head of a response has arrived; called once at most.
     *
     * @param began what {@link #begin} returned for the attempt
     */
    void responseBegan(long began);

    /**
     * Notes that an attempt has ended.
     *
     * @param responded whether {@link #responseBegan} was called for it
     */
    void ended(long began, Outcome outcome, boolean responded);
}
