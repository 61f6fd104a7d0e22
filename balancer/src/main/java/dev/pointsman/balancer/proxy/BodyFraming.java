package dev.pointsman.balancer.proxy;

/** How the end of a request's body is known (RFC 9112, 6.3). */
enum BodyFraming {
    /** There is none, or an empty one. */
    NONE,
    /** By Content-Length. */
    COUNTED,
    /** By the last chunk. */
    CHUNKED
}
