package dev.pointsman.balancer.resilience;

import java.util.Locale;

/**
 * The kinds of failures that keep a request from being served by an upstream, each with what the client is told.
 */
public enum FailureKind {
    /** What came is not a request that HTTP knows (RFC 9112, 2.2). */
    BAD_REQUEST(400, "this is not an HTTP request"),
    /** The request line is longer than allowed (RFC 9112, 3). */
    TARGET_TOO_LONG(414, "the request line is too long"),
    /** The head is larger than allowed (RFC 6585, 5). */
    HEAD_TOO_LARGE(431, "the request head is too large"),
    /** The head did not come in time. */
    HEAD_TIMEOUT(408, "the request head did not arrive in time"),
    /** The body's chunks or trailers are malformed (RFC 9112, 7.1). */
    BAD_BODY(400, "the request body is malformed"),
    /** More bytes than this route takes. */
    BODY_TOO_LARGE(413, "the request body is too large"),
    /** As many clients are connected as may be. */
    TOO_MANY_CONNECTIONS(503, "too many clients are connected right now"),
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
    /** As many requests as may be are under way, and as many as may wait are waiting. */
    QUEUE_FULL(503, "this service has as many requests as it takes, and as many waiting"),
    /** A request waited for a permit, and none became free in time. */
    QUEUE_TIMEOUT(503, "this service had no place for the request in time"),
    /** The upstream refused the connection, or there is no way to it. */
    CONNECT_FAILED(502, "the service could not be reached"),
    /** The connection did not stand in time. */
    CONNECT_TIMEOUT(504, "the service could not be reached in time"),
    /** The connection broke before the response was there. */
    BROKEN_RESPONSE(502, "the service broke off before it responded"),
    /** What came is no response that HTTP knows, or too large a one, or a response to something else. */
    BAD_RESPONSE(502, "the service responded with something that is not valid HTTP"),
    /** The head of a response did not come in time. */
    RESPONSE_TIMEOUT(504, "the service did not respond in time"),
    /** The client left before it was served. No response is sent; 499, as nginx has it, is for the log. */
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

    /** The kind's name as clients get it in JSON: {@code no-instance}. */
    public String code() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** What the client is told: never an inner address. */
    public String sentence() {
        return sentence;
    }
}
