package dev.pointsman.balancer.upstream.http1;

/** The state of an {@link Http1UpstreamConnection}, where the drawing of all states is. */
enum ConnectionState {
    /** Connected, and given to a request that has not begun. */
    READY,
    /** A request has begun, and the head of its final response is not there. */
    AWAITING,
    /** The body of a response arrives, and its framing tells where it ends. */
    RECEIVING,
    /** The body of a response arrives, and ends with the connection (RFC 9112, 6.3). */
    RECEIVING_UNTIL_CLOSE,
    /** Bytes of another protocol go both ways, after a 101. */
    TUNNEL,
    /** Request and response are complete; what else was read with the response is being looked at. */
    FINISHED,
    /** Open and idle, for a later request. */
    IDLE,
    /** The connection has ended. */
    CLOSED;

    /**
     * The state after this one.
     *
     * @throws IllegalStateException if there is no such way in the drawing
     */
    ConnectionState to(ConnectionState next) {
        boolean possible =
                switch (next) {
                    case READY -> this == IDLE;
                    case AWAITING -> this == READY;
                    case RECEIVING, RECEIVING_UNTIL_CLOSE, TUNNEL -> this == AWAITING;
                    case FINISHED -> isReceivingBody();
                    case IDLE -> this == READY || this == FINISHED;
                    case CLOSED -> this != CLOSED;
                };
        if (!possible) {
            throw new IllegalStateException("a connection that is " + this + " cannot become " + next);
        }
        return next;
    }

    boolean isReceivingBody() {
        return this == RECEIVING || this == RECEIVING_UNTIL_CLOSE;
    }
}
