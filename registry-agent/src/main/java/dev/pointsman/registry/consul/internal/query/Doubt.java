package dev.pointsman.registry.consul.internal.query;

/**
 * A reason not to believe that what a response of Consul's does not list is gone. What it lists counts in any case.
 */
public enum Doubt {
    /** The server that responded has lost its leader, or has not heard of it for long: its data are old. */
    CUT_OFF("the server that responded is cut off from its leader", false),
    /** The registry may have lost its state: its index did not go forward, or the connection had been lost. */
    LOST_STATE("it was out of reach, or its index did not go forward, and it may have lost its data", true),
    /** Much is gone at a time, and a look at the nodes did not confirm that it was deregistered. */
    UNCONFIRMED(
            "much is gone at a time, and Consul does not confirm it: is the ACL token allowed to read the nodes?",
            true),
    /** A single read of an entry said something else. */
    CONTRADICTED("Consul says something else of a key in it, read by itself", false);

    private final String reason;
    private final boolean lasting;

    Doubt(String reason, boolean lasting) {
        this.reason = reason;
        this.lasting = lasting;
    }

    /** The reason, as words that follow a colon. */
    public String reason() {
        return reason;
    }

    /** Whether later responses that still miss an entry are no evidence that it is gone. */
    boolean isLasting() {
        return lasting;
    }
}
