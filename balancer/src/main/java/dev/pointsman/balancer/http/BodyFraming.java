package dev.pointsman.balancer.http;

/** How the end of a request's body is known (RFC 9112, 6.3). */
public enum BodyFraming {
    /** There is none, or an empty one. */
    NONE,
    /** By Content-Length. */
    COUNTED,
    /** By the last chunk. */
    CHUNKED
}
