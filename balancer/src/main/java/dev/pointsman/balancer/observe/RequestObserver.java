package dev.pointsman.balancer.observe;

/** A receiver of what became of requests. Called on one event loop, which it must not block. */
public interface RequestObserver {
    /** Called once an attempt of a request is over, however it ended. */
    void attemptEnded(ObservedAttempt attempt);

    /** Called once a request is over, after all its attempts: nothing of it changes any more. */
    void requestEnded(ObservedRequest request);
}
