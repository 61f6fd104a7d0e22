package dev.pointsman.balancer.resilience;

import dev.pointsman.retry.AttemptFailure;
import java.util.Locale;

/**
 * The kinds of failures that keep a request from being served by an upstream, as one table: the status and the sentence that
 * the client gets, and what each is for the attempt that failed ({@link AttemptFailure}).
 */
public enum FailureKind {
    /** The request is not valid HTTP (RFC 9112, 2.2). */
    BAD_REQUEST(400, "this is not an HTTP request"),
    /** A handshake of TLS, on a port without. */
    TLS_IN_CLEAR_TEXT(400, "this port speaks clear text, and TLS came: come by http"),
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
    /** The limit of client connections is reached. */
    TOO_MANY_CONNECTIONS(503, "too many clients are connected right now"),
    /** The request has not exactly one valid Host (RFC 9112, 3.2). */
    BAD_HOST(400, "the request needs exactly one valid Host field"),
    /** A target that is neither a path nor an http URL, or that has a fragment. */
    BAD_TARGET(400, "the request target is neither a path nor an http URL"),
    /** A path that resolves otherwise for a reader that decodes or cuts more of it (RFC 3986, 7.3). */
    AMBIGUOUS_PATH(400, "the path has a dot segment that not every reader would see"),
    /** A tunnel to anywhere is not what a balancer is for. */
    CONNECT_METHOD(405, "CONNECT is not served here"),
    /** A body in a transfer coding other than chunked (RFC 9112, 6.1). */
    UNKNOWN_CODING(501, "of the transfer codings only chunked is understood"),
    /** HTTP, but not its version 1. */
    UNKNOWN_VERSION(505, "only HTTP/1.0 and HTTP/1.1 are spoken here"),
    /** The route asks for a user and a password, and these were missing or wrong (RFC 9110, 11). */
    UNAUTHORIZED(401, "a user and a password are needed here"),
    /** The route is not for the client's address. */
    FORBIDDEN(403, "this is not for your address"),
    /** The client sent more requests than the route takes (RFC 6585, 4). */
    TOO_MANY_REQUESTS(429, "too many requests"),
    /** Passwords cannot be looked at as fast as they are sent. */
    AUTH_OVERLOAD(503, "too many passwords are being looked at right now"),
    /** No route takes the path. */
    NO_ROUTE(404, "no route for this path"),
    /** The route's target has no instance that takes traffic. */
    NO_INSTANCE(503, "no instance of this service is available right now"),
    /** The limits of requests in flight and of requests that wait are reached. */
    QUEUE_FULL(503, "this service has as many requests as it takes, and as many waiting"),
    /** A request waited for a permit, and none became free in time. */
    QUEUE_TIMEOUT(503, "this service could not take the request in time"),
    /**
     * This process has no file descriptor or no memory left for a connection to any upstream. Another attempt would need
     * the same.
     */
    OWN_SHORTAGE(503, "this balancer is short of file descriptors or memory right now", AttemptFailure.OWN_SHORTAGE),
    /**
     * This machine has no local port left for a connection to the upstream. It may have one for another upstream, as
     * ports are counted for each address that they lead to.
     */
    NO_LOCAL_PORT(
            503, "this balancer has no local port left for a connection to the service", AttemptFailure.NO_LOCAL_PORT),
    /** The upstream refused the connection, or there is no way to it. */
    CONNECT_FAILED(502, "the service could not be reached", AttemptFailure.CONNECT_FAILED),
    /** The connection did not stand in time. */
    CONNECT_TIMEOUT(504, "the service could not be reached in time", AttemptFailure.CONNECT_TIMEOUT),
    /** The upstream was reached, and the handshake of TLS with it failed. */
    TLS_FAILED(502, "no secure connection to the service could be made", AttemptFailure.CONNECT_FAILED),
    /** No authority that is trusted has issued the upstream's certificate. */
    CERTIFICATE_NOT_TRUSTED(502, "the service's certificate is not trusted", AttemptFailure.CONNECT_FAILED),
    /** The upstream's certificate has expired, or is not valid yet. */
    CERTIFICATE_EXPIRED(502, "the service's certificate is not valid at this time", AttemptFailure.CONNECT_FAILED),
    /** The upstream's certificate is for other names. */
    CERTIFICATE_NAME(502, "the service's certificate is for another name", AttemptFailure.CONNECT_FAILED),
    /**
     * TLS broke before the response was there: the upstream does not take the balancer's certificate, say, which with TLS 1.3 it says
     * only after it might have got the request.
     */
    TLS_BROKEN(502, "the service broke off the secure connection", AttemptFailure.BROKEN_RESPONSE),
    /** The connection broke before the response was there. */
    BROKEN_RESPONSE(502, "the service broke off before it responded", AttemptFailure.BROKEN_RESPONSE),
    /**
     * A connection that was idle broke before a byte of a response came. Its upstream closed it while the request was on
     * its way, which is its right (RFC 9112, 9.3.1).
     */
    STALE_CONNECTION(502, "the service closed the connection before it responded", AttemptFailure.STALE_CONNECTION),
    /** A connection that was idle turned out to be closed, or to have bytes on it, before anything was sent. */
    STALE_BEFORE_SENT(
            502, "the service closed the connection before it got the request", AttemptFailure.STALE_BEFORE_SENT),
    /** The service refused the request before it looked at it, or was about to go (RFC 9113, 8.7). */
    NOT_PROCESSED(503, "the service did not take the request", AttemptFailure.NOT_PROCESSED),
    /** A WebSocket was asked for, and the service speaks HTTP/2 without that (RFC 8441, 3). */
    NO_WEBSOCKET(501, "the service takes no WebSockets over HTTP/2"),
    /** The response is not valid HTTP, or too large, or a response to something else. */
    BAD_RESPONSE(502, "the service responded with something that is not valid HTTP", AttemptFailure.BAD_RESPONSE),
    /** The head of a response did not come in time. */
    RESPONSE_TIMEOUT(504, "the service did not respond in time", AttemptFailure.RESPONSE_TIMEOUT),
    /** The client left before it was served. No response is sent; 499, as nginx has it, is for the log. */
    CLIENT_GONE(499, "the client left");

    private final int status;
    private final String sentence;
    private final AttemptFailure attempt;

    FailureKind(int status, String sentence) {
        this(status, sentence, AttemptFailure.OF_THE_REQUEST);
    }

    FailureKind(int status, String sentence, AttemptFailure attempt) {
        this.status = status;
        this.sentence = sentence;
        this.attempt = attempt;
    }

    /** The HTTP status of the reply. */
    public int status() {
        return status;
    }

    /** The kind's name as clients get it in JSON: {@code no-instance}. */
    public String code() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The sentence for the client, which never has an inner address. */
    public String sentence() {
        return sentence;
    }

    /** What it is for the attempt that failed: whom it blames, and whether another one may follow. */
    public AttemptFailure attempt() {
        return attempt;
    }
}
