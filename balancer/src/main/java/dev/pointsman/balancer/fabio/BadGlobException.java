package dev.pointsman.balancer.fabio;

/** The failure of a text to be a pattern. The message says what was expected. */
public final class BadGlobException extends Exception {
    private static final long serialVersionUID = 1L;

    BadGlobException(String expected) {
        super(expected);
    }
}
