package dev.pointsman.system.console;

import java.util.regex.Pattern;

/** A piece of output that is waited for; {@code ...} in it is any text within a line. */
final class ExpectedText {
    private final Pattern pattern;

    ExpectedText(String text) {
        pattern = Pattern.compile(Pattern.quote(text).replace("...", "\\E.*\\Q"));
    }

    boolean isIn(String output) {
        return pattern.matcher(output).find();
    }
}
