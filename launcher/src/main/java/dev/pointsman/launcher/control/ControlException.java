package dev.pointsman.launcher.control;

/** Thrown when a launcher cannot be reached or asked; the message is one sentence for the user. */
public final class ControlException extends Exception {
    private static final long serialVersionUID = 1;

    public ControlException(String sentence) {
        super(sentence);
    }
}
