package dev.pointsman.balancer.resilience;

/**
 * Everything that can keep a request from being answered by an upstream, as one table: what the client is told.
 */
public enum FailureKind {
    /** Not exactly one valid Host (RFC 9112, 3.2). */
    BAD_HOST(400, "the request needs exactly one valid Host field"),
    /** A target that is neither a path nor an http URL, or that has a fragment. */
    BAD_TARGET(400, "the request target is neither a path nor an http URL"),
    /** A tunnel to anywhere is not what a balancer is for. */
    CONNECT_METHOD(405, "CONNECT is not served here"),
    /** A body in a transfer coding other than chunked (RFC 9112, 6.1). */
    UNKNOWN_CODING(501, "of the transfer codings only chunked is understood"),
    /** HTTP, but not its version 1. */
    UNKNOWN_VERSION(505, "only HTTP/1.0 and HTTP/1.1 are spoken here"),
    /** No route takes the path. */
    NO_ROUTE(404, "no route for this path"),
    /** The route's target has no instance that takes traffic. */
    NO_INSTANCE(503, "no instance of this service is available right now"),
    /** The upstream refused the connection, or there is no way to it. */
    CONNECT_FAILED(502, "the service could not be reached"),
    /** The connection did not stand in time. */
    CONNECT_TIMEOUT(504, "the service could not be reached in time"),
    /** The connection broke, or what came was not HTTP, before the head of an answer was there. */
    BROKEN_ANSWER(502, "the service broke off before it answered"),
    /** The head of an answer did not come in time. */
    RESPONSE_TIMEOUT(504, "the service did not answer in time"),
    /** The client left before it was answered. Nobody is told; 499, as nginx has it, is for the log. */
    CLIENT_GONE(499, "the client left");

    private final int status;
    private final String sentence;

    FailureKind(int status, String sentence) {
        this.status = status;
        this.sentence = sentence;
    }

    /** The HTTP status of the reply. */
    public int status() {
        return status;
    }

    /** What the client is told: never an inner address. */
    public String sentence() {
        return sentence;
    }
}
