package dev.pointsman.registry;

/**
 * The one form in which text from outside stands in logs, sentences and tables: of a registry, a client, an instance or
 * a file. It is a single line of bounded length, and nothing in it moves a terminal's cursor, hides or turns around what
 * follows. Ordinary text comes out as it is.
 */
public final class OneLine {
    /** Characters of an id, an address, a name or a path; most are far shorter. */
    private static final int USUAL = 200;

    private OneLine() {}

    /** The form of a text with the usual limit of 200 characters. */
    public static String of(String text) {
        return of(text, USUAL);
    }

    /**
     * The form of a text: every run of blanks and line ends is one blank; what else is not printed (control characters,
     * those that change the direction of writing, halves of surrogate pairs) is written by its code, as Java does.
     *
     * @param limit in characters; what is beyond is cut off, and an ellipsis says so
     */
    public static String of(String text, int limit) {
        StringBuilder line = new StringBuilder(Math.min(text.length(), limit) + 8);
        boolean gap = false;
        int i = 0;
        // No more than what can still matter is looked at: a check's output may be kilobytes.
        int end = Math.min(text.length(), 4 * limit);
        while (i < end && line.length() <= limit) {
            int c = text.codePointAt(i);
            i += Character.charCount(c);
            if (isGap(c)) {
                gap = !line.isEmpty();
                continue;
            }
            if (gap) {
                line.append(' ');
                gap = false;
            }
            if (isPrinted(c)) {
                line.appendCodePoint(c);
            } else {
                line.append(String.format(c > 0xffff ? "\\u{%x}" : "\\u%04x", c));
            }
        }
        boolean whole = line.length() <= limit && i >= text.length();
        return whole ? line.toString() : line.substring(0, Math.min(line.length(), limit - 1)) + "\u2026";
    }

    private static boolean isGap(int c) {
        return Character.isWhitespace(c) || c == 0x85 || Character.getType(c) == Character.SPACE_SEPARATOR;
    }

    private static boolean isPrinted(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }
}
