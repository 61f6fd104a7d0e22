package dev.pointsman.balancer.upstream;

import java.io.IOException;

/**
 * Thrown when an upstream said that it has not processed a request at all, so that any request may be sent again: it refused the
 * stream, or went away before it looked at it (RFC 9113, 8.7).
 */
public final class NotProcessedException extends IOException {
    private static final long serialVersionUID = 1;

    public NotProcessedException(String how) {
        super(how);
    }
}
