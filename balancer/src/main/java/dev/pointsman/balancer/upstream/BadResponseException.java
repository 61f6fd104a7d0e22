package dev.pointsman.balancer.upstream;

import java.io.IOException;

/**
 * Thrown when what an upstream sent is not a valid HTTP response, or cannot be relayed without a guess.
 */
public final class BadResponseException extends IOException {
    private static final long serialVersionUID = 1;

    public BadResponseException(String what) {
        super(what);
    }

    /** The same, with what a decoder found. */
    public BadResponseException(Throwable cause) {
        super(cause.getMessage(), cause);
    }
}
