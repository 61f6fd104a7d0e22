package dev.pointsman.cli.run;

/** Thrown when a command failed; the message is one sentence for the user. */
public final class CommandFailure extends Exception {
    private static final long serialVersionUID = 1;

    /** A failure with its sentence. */
    public CommandFailure(String sentence) {
        super(sentence);
    }
}
