package dev.pointsman.balancer.observe;

import dev.pointsman.pool.Upstream;

/** A receiver of each step of one request as it is taken. Called on the request's event loop. */
public interface RequestSteps {
    /** Called when the request waits for a permit from now on. */
    void waitBegins();

    /** Called when it does not wait any more, or did not. */
    void waitEnds();

    /** Called before each attempt. */
    void attemptBegins(Upstream upstream);

    /**
     * Called when the newest attempt has a connection.
     *
     * @param onUsedConnection whether that had served a request before
     */
    void connected(boolean onUsedConnection);

    /** Called when the head of the final response to the newest attempt is there. */
    void responded(int status);
}
