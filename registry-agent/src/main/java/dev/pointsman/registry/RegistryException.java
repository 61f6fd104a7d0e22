package dev.pointsman.registry;

/** Thrown when a registry did not do what it was asked to. The message is one sentence, fit for a log or a terminal. */
public final class RegistryException extends Exception {
    private static final long serialVersionUID = 1;

    /** The kinds of failures, by what helps against them. */
    public enum Kind {
        /** No response: not there, wrong address, or too slow. Trying again later may help. */
        UNREACHABLE,
        /** The registry responded that it cannot do it now (5xx, 429). Trying again later may help. */
        UNAVAILABLE,
        /** The registry refused (4xx): what we ask is wrong, or we may not. Trying again will not help. */
        REJECTED,
        /** Its response could not be understood. */
        MALFORMED
    }

    private final Kind kind;

    public RegistryException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    public RegistryException(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
