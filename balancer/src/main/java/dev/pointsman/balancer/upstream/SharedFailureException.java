package dev.pointsman.balancer.upstream;

import java.io.IOException;
import java.util.Objects;

/**
 * Thrown to all but one of the requests that a connection failed under: the one gets what happened, and blames the upstream;
 * for the others the same has happened, but it has been said.
 */
public final class SharedFailureException extends IOException {
    private static final long serialVersionUID = 1;

    public SharedFailureException(Throwable failure) {
        super(failure.toString(), failure);
    }

    /** What happened: the cause of this exception, or the other exception itself. */
    public static Throwable unwrapped(Throwable failure) {
        return failure instanceof SharedFailureException ? Objects.requireNonNull(failure.getCause()) : failure;
    }
}
