package dev.pointsman.client;

import java.util.List;

/** Thrown when a service has no instance that a call could be sent to, or none is known yet. Nothing was sent. */
public final class NoInstanceException extends ServiceCallException {
    private static final long serialVersionUID = 1;

    /**
     * A call without an instance to send it to.
     *
     * @param sentence why, in words that follow the service's name
     */
    public NoInstanceException(String service, String sentence) {
        super(service, sentence, List.of(), null);
    }
}
