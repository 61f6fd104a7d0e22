package dev.pointsman.balancer.downstream;

import dev.pointsman.balancer.config.Listener;

/** Thrown when a port for clients could not be opened; the cause says why. */
public final class PortNotOpenedException extends Exception {
    private static final long serialVersionUID = 1;

    private final transient Listener listener;

    PortNotOpenedException(Listener listener, Throwable cause) {
        super(listener.address() + " cannot be listened on: " + cause.getMessage(), cause);
        this.listener = listener;
    }

    /** The port. */
    public Listener listener() {
        return listener;
    }
}
