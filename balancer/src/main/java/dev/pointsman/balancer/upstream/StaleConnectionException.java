package dev.pointsman.balancer.upstream;

import java.io.IOException;

/**
 * Thrown when a connection that was idle turned out to be of no use before one byte of a response came on it: its
 * upstream had closed it, or sent something that no request had asked for. It says nothing about the upstream
 * (RFC 9112, 9.3.1).
 */
public final class StaleConnectionException extends IOException {
    private static final long serialVersionUID = 1;

    private final boolean sent;

    /**
     * An exception for a connection that ended.
     *
     * @param sent whether a part of the request may have reached the upstream
     */
    public StaleConnectionException(Throwable cause, boolean sent) {
        super(cause.toString(), cause);
        this.sent = sent;
    }

    /** Whether a part of the request may have reached the upstream. */
    public boolean wasSent() {
        return sent;
    }
}
