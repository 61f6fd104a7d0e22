package dev.pointsman.balancer.observe;

/**
 * A receiver of what became of requests, in the turn of the event loop in which they were over. Called on that loop, which it must
 * not block.
 */
public interface RequestObserver {
    /** Called once an attempt of a request is over, however it ended; others of the request may follow, or have begun. */
    void attemptEnded(ObservedAttempt attempt);

    /** Called once a request is over, after all its attempts: nothing of it changes any more. */
    void requestEnded(ObservedRequest request);

    /** Called once a connection of TCP is over. */
    default void connectionEnded(ObservedConnection connection) {}
}
