package dev.pointsman.balancer.downstream.http1;

/**
 * The state of the responding side of a client's connection.
 *
 * <pre>
 *   (accepted) ──► ANY ──────► LAST ──────► NONE
 *                   it is to end   the response
 *                   with this one  has ended
 * </pre>
 */
enum RespondingState {
    /** Any number of requests may be responded to. */
    ANY,
    /** The connection ends with the response to the request that is being served. */
    LAST,
    /** The last response has ended: no other request is served. */
    NONE;

    /**
     * The state after this one.
     *
     * @throws IllegalStateException if there is no such way in the drawing
     */
    RespondingState to(RespondingState next) {
        boolean possible =
                switch (next) {
                    case ANY -> false;
                    case LAST -> this == ANY;
                    case NONE -> this == LAST;
                };
        if (!possible) {
            throw new IllegalStateException("a connection that responds to " + this + " cannot go to " + next);
        }
        return next;
    }
}
