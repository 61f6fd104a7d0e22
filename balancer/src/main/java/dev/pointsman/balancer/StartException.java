package dev.pointsman.balancer;

import java.net.BindException;
import java.net.SocketException;

/**
 * Thrown when a part of the balancer could not be started. The message is one sentence that says what, and what to do
 * about it.
 */
public final class StartException extends Exception {
    private static final long serialVersionUID = 1;

    public StartException(String sentence) {
        super(sentence);
    }

    private StartException(String sentence, Throwable cause) {
        super(sentence, cause);
    }

    /**
     * The exception for a port that could not be listened on.
     *
     * @param what for what, such as "the port for clients"
     * @param where host and port
     * @param flag how to choose another one, such as "--port"
     */
    public static StartException notListening(String what, String where, String flag, Throwable cause) {
        boolean inUse = cause instanceof BindException
                && String.valueOf(cause.getMessage()).contains("in use");
        String why = inUse
                ? "is in use by another program; stop it or choose another with " + flag
                : "cannot be listened on (" + reason(cause) + "); choose another with " + flag;
        return new StartException(what + ", " + where + ", " + why, cause);
    }

    private static String reason(Throwable cause) {
        return cause instanceof SocketException && cause.getMessage() != null ? cause.getMessage() : cause.toString();
    }
}
