package dev.pointsman.balancer.fabio;

/** The failure of a text to be a command of fabio's language. The message is the text and what was expected. */
public final class BadCommandException extends Exception {
    private static final long serialVersionUID = 1L;

    BadCommandException(String text, String expected) {
        this("\"" + text + "\" (expected: " + expected + ")");
    }

    BadCommandException(String sentence) {
        super(sentence);
    }
}
