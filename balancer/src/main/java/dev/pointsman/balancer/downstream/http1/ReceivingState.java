package dev.pointsman.balancer.downstream.http1;

/**
 * The state of the receiving side of a client's connection.
 *
 * <pre>
 *                  head of a request
 *   (accepted) ──► HEAD ───────────► BODY ──────────┐ malformed
 *                  │ │ ▲ end of body  │             ▼
 *      last request│ │ └──────────────┤         MALFORMED ───┐ closed by us
 *                  │ │ its head       │ last        ▲        │
 *                  │ └───────────► LAST_BODY ───────┘        ▼
 *                  ▼     end of body  │   └─────────────► LINGERING
 *                ENDED ◄──────────────┘                      ▲
 *                  │                                         │
 *                  └──── also HEAD: reply without request ► REJECTED
 *
 *   RESET from anywhere
 * </pre>
 *
 * <p>To LINGERING lead all states but RESET: to close a connection on which bytes are unread, or arrive later, resets it,
 * and the client loses the response that it has not read yet.
 */
enum ReceivingState {
    /** The next request's head has not arrived, or only a part of it. */
    HEAD,
    /** The head of a request has arrived, and its end has not. */
    BODY,
    /** As {@link #BODY}, and no request after this one is read. */
    LAST_BODY,
    /** All that is to be served has arrived. */
    ENDED,
    /** The body of a request breaks HTTP's rules, so that its end will not be found. */
    MALFORMED,
    /** The client got a reply without a request; it may be in the midst of sending one. */
    REJECTED,
    /** Only the client's side is open: what it still sends is discarded until it has read its response. */
    LINGERING,
    /** The connection was ended by a reset. */
    RESET;

    /**
     * The state after this one.
     *
     * @throws IllegalStateException if there is no such way in the drawing
     */
    ReceivingState to(ReceivingState next) {
        boolean possible =
                switch (next) {
                    case HEAD -> this == BODY;
                    case BODY -> this == HEAD;
                    case LAST_BODY -> this == HEAD || this == BODY;
                    case ENDED -> this == HEAD || this == LAST_BODY;
                    case MALFORMED -> this == BODY || this == LAST_BODY;
                    case REJECTED -> this == HEAD || this == ENDED;
                    case LINGERING -> this != LINGERING && this != RESET;
                    case RESET -> true;
                };
        if (!possible) {
            throw new IllegalStateException("a connection that receives " + this + " cannot become " + next);
        }
        return next;
    }

    /** Whether the content of a request is expected. */
    boolean isReceivingBody() {
        return this == BODY || this == LAST_BODY;
    }

    /** Whether the client may be in the midst of a request, so that to close would cut off what it sends. */
    boolean isMidMessage() {
        return isReceivingBody() || this == MALFORMED || this == REJECTED || this == LINGERING;
    }
}
