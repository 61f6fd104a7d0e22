package dev.pointsman.cli.launcher;

/** A command did not do what it was asked to; the message is one sentence for whoever gave it. */
final class CommandFailure extends Exception {
    private static final long serialVersionUID = 1;

    CommandFailure(String sentence) {
        super(sentence);
    }
}
