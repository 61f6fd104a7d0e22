package dev.pointsman.cli.run;

/** Thrown when a command failed; the message is one sentence for the user. */
public final class CommandFailure extends Exception {
    private static final long serialVersionUID = 1;

    private final boolean badUsage;

    /** A failure with its sentence. */
    public CommandFailure(String sentence) {
        this(sentence, false);
    }

    private CommandFailure(String sentence, boolean badUsage) {
        super(sentence);
        this.badUsage = badUsage;
    }

    /** A failure by what the user typed, which is no use to try again. */
    public static CommandFailure ofUsage(String sentence) {
        return new CommandFailure(sentence, true);
    }

    public boolean isBadUsage() {
        return badUsage;
    }
}
