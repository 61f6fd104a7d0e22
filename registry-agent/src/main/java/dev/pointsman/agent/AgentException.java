package dev.pointsman.agent;

/** Thrown when a service could not start. The message is one sentence, fit for a terminal: what, where, and what helps. */
public final class AgentException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public AgentException(String message) {
        super(message);
    }

    public AgentException(String message, Throwable cause) {
        super(message, cause);
    }
}
