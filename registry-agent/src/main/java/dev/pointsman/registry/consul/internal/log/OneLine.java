package dev.pointsman.registry.consul.internal.log;

import java.util.regex.Pattern;

/** A text of another program, made fit for one line of a log. */
public final class OneLine {
    private static final Pattern GAPS = Pattern.compile("[\\s\\p{Cntrl}]+");

    private OneLine() {}

    /** The text with every run of blanks, line ends and control characters as one blank, cut off at {@code limit}. */
    public static String of(String text, int limit) {
        // No more than what can still matter is looked at: a check's output may be kilobytes.
        String start = text.length() > 4 * limit ? text.substring(0, 4 * limit) : text;
        String line = GAPS.matcher(start).replaceAll(" ").strip();
        return line.length() > limit || start.length() < text.length()
                ? line.substring(0, Math.min(line.length(), limit - 1)) + "…"
                : line;
    }
}
