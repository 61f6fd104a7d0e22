package dev.pointsman.balancer.upstream;

import java.io.IOException;

/**
 * Thrown when the operating system had no local port left for a connection to an upstream whose address was reached before.
 * (Of an address that never was, the same error says that there is no way to it from this machine.)
 */
public final class NoLocalPortException extends IOException {
    private static final long serialVersionUID = 1;

    NoLocalPortException(Throwable cause) {
        super("no local port is left: " + cause.getMessage(), cause);
    }
}
