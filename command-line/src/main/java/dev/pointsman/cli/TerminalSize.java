package dev.pointsman.cli;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The size of the terminal that standard output is, if it is one.
 *
 * @param isTerminal whether it is one
 * @param columns 0 where it is none, or none whose width is known, and nothing is to be cut
 * @param rows 0 likewise
 */
record TerminalSize(boolean isTerminal, int columns, int rows) {
    static final TerminalSize NONE = new TerminalSize(false, 0, 0);

    /** Whether it is one, and its size, by the one process: what it would ask with goes to standard output as ours does. */
    private static final String ASK = "[ -t 1 ] && stty size </dev/tty >&2";

    private static final Pattern SIZE = Pattern.compile("(\\d{1,5}) (\\d{1,5})\\s*");
    private static final Pattern NUMBER = Pattern.compile("[1-9]\\d{0,4}");

    /** Below this a table cannot be read at all. */
    private static final int LEAST = 20;

    /**
     * The size as it is now.
     *
     * @param environment {@code COLUMNS} and {@code LINES} overrule the terminal
     */
    static TerminalSize of(Map<String, String> environment) {
        String size = TtyCommand.run(ASK);
        Matcher known = SIZE.matcher(size == null ? "" : size);
        if (!known.matches()) {
            return NONE;
        }
        int columns = number(environment.get("COLUMNS"), known.group(2));
        return new TerminalSize(
                true, columns == 0 ? 0 : Math.max(LEAST, columns), number(environment.get("LINES"), known.group(1)));
    }

    private static int number(@Nullable String told, String known) {
        return Integer.parseInt(told != null && NUMBER.matcher(told).matches() ? told : known);
    }
}
