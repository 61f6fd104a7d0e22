package dev.pointsman.balancer.resilience;

/**
 * Everything that can keep a request from being answered by an upstream, as one table: what the client is told, and
 * whether the request may have reached an upstream by then.
 */
public enum FailureKind {
    /** No route takes the path. */
    NO_ROUTE(404, "no route for this path", true),
    /** The route's target has no instance that takes traffic. */
    NO_INSTANCE(503, "no instance of this service is available right now", true),
    /** The upstream refused the connection, or there is no way to it. */
    CONNECT_FAILED(502, "the service could not be reached", true),
    /** The connection did not stand in time. */
    CONNECT_TIMEOUT(504, "the service could not be reached in time", true),
    /** The connection broke, or what came was not HTTP, before the head of an answer was there. */
    BROKEN_ANSWER(502, "the service broke off before it answered", false),
    /** The head of an answer did not come in time. */
    RESPONSE_TIMEOUT(504, "the service did not answer in time", false),
    /** The client left before it was answered. Nobody is told; 499, as nginx has it, is for the log. */
    CLIENT_GONE(499, "the client left", false);

    private final int status;
    private final String sentence;
    private final boolean nothingSent;

    FailureKind(int status, String sentence, boolean nothingSent) {
        this.status = status;
        this.sentence = sentence;
        this.nothingSent = nothingSent;
    }

    /** The HTTP status of the reply. */
    public int status() {
        return status;
    }

    /** What the client is told: never an inner address. */
    public String sentence() {
        return sentence;
    }

    /** Whether it is certain that no upstream saw anything of the request. */
    public boolean nothingSent() {
        return nothingSent;
    }
}
