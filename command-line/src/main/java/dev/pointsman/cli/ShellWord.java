package dev.pointsman.cli;

import java.util.regex.Pattern;

/** A word of a command as it is typed into a shell. */
final class ShellWord {
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_./:=@%+,-]+");

    /** The braces that commands of instances have: in these no shell sees a list. */
    private static final String PORT = "{port}";

    private ShellWord() {}

    /** The word as it is where no shell reads it as anything else, or in single quotes. */
    static String of(String word) {
        return PLAIN.matcher(word.replace(PORT, "0")).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
