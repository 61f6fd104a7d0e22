package dev.pointsman.balancer.metrics;

import java.util.Locale;

/** The parts of a request's time. */
public enum RequestPhase {
    /** Waiting for a permit; of those requests alone that waited. */
    WAIT,
    /** Connecting to instances, in all attempts together; of those requests alone for which a connection had to be opened. */
    CONNECT,
    /** From the request's head to the head of the instance's response, the two before included. */
    FIRST_BYTE,
    /** From there to the last byte of the response. */
    BODY;

    /** The value of the label. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
