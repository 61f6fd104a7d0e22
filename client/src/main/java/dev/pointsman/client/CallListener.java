package dev.pointsman.client;

import dev.pointsman.pool.Outcome;
import dev.pointsman.registry.Instance;

/**
 * A listener to what becomes of calls, for metrics. Every method does nothing unless it is implemented. Called on the thread
 * that the call lives on, most often an event loop's: must be thread-safe, must not block, and must not throw (what it throws is
 * logged).
 */
public interface CallListener {
    /** Listens to nothing. */
    CallListener NONE = new CallListener() {};

    /** The reason for an attempt. */
    enum AttemptReason {
        /** It is the call's first one. */
        FIRST,
        /** The one before failed. */
        RETRY,
        /** The one before has not responded within {@link CallTimeouts#attempt()}. */
        TIMEOUT,
        /** The one before has not responded yet, see {@link HedgeAfter}. */
        HEDGE
    }

    /** An attempt begins. */
    default void attemptBegan(ServiceAddress service, Instance instance, AttemptReason reason) {}

    /**
     * An attempt is over.
     *
     * @param outcome what it says of the instance
     * @param status of the response, or 0 if there was none
     * @param nanos from its beginning to the end of the response, in nanoseconds
     */
    default void attemptEnded(ServiceAddress service, Instance instance, Outcome outcome, int status, long nanos) {}

    /**
     * A call is over: its response's head is there, or it failed.
     *
     * @param attempts how many there were
     * @param status of the response, or 0 if it failed
     * @param nanos from its beginning to the head of the response, in nanoseconds
     */
    default void callEnded(ServiceAddress service, int attempts, int status, long nanos) {}
}
