package dev.pointsman.cli.run;

/** A command did not do what it was asked to; the message is one sentence for the user. */
public final class CommandFailure extends Exception {
    private static final long serialVersionUID = 1;

    /** With the sentence. */
    public CommandFailure(String sentence) {
        super(sentence);
    }
}
