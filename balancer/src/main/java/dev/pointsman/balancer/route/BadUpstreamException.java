package dev.pointsman.balancer.route;

/** The failure to read an upstream that is written down; its message says what was given and what was expected. */
public final class BadUpstreamException extends Exception {
    private static final long serialVersionUID = 1;

    public BadUpstreamException(String given, String expected) {
        super("\"" + given + "\" (expected: " + expected + ")");
    }
}
