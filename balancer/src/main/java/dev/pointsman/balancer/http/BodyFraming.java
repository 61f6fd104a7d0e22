package dev.pointsman.balancer.http;

/** The way in which the end of a request's body is known (RFC 9112, 6.3). */
public enum BodyFraming {
    /** No body, or an empty one. */
    NONE,
    /** By Content-Length. */
    CONTENT_LENGTH,
    /** By the last chunk. */
    CHUNKED
}
