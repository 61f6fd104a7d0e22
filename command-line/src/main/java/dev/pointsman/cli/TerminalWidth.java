package dev.pointsman.cli;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The width of the terminal that standard output is, if it is one. Java itself does not know. */
final class TerminalWidth {
    /** Whether it is one, and its size, by the one process: what it would ask with goes to standard output as ours does. */
    private static final String ASK = "[ -t 1 ] && stty size </dev/tty >&2";

    private static final Pattern SIZE = Pattern.compile("\\d+ (\\d{1,5})\\s*");
    private static final Pattern COLUMNS = Pattern.compile("[1-9]\\d{0,4}");
    private static final int PATIENCE_SECONDS = 2;

    /** Below this a table cannot be read at all. */
    private static final int LEAST = 20;

    private TerminalWidth() {}

    /**
     * In columns; 0 where standard output is no terminal, or none whose width is known, and nothing is to be cut.
     *
     * @param environment {@code COLUMNS} overrules the terminal
     */
    static int of(Map<String, String> environment) {
        try {
            Process asked = new ProcessBuilder("sh", "-c", ASK)
                    .redirectInput(Redirect.INHERIT)
                    .redirectOutput(Redirect.INHERIT)
                    .start();
            if (!asked.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                asked.destroyForcibly();
                return 0;
            }
            String size = new String(asked.getErrorStream().readAllBytes(), StandardCharsets.US_ASCII);
            Matcher known = SIZE.matcher(size);
            if (asked.exitValue() != 0 || !known.matches()) {
                return 0;
            }
            String told = environment.getOrDefault("COLUMNS", "");
            int width = Integer.parseInt(COLUMNS.matcher(told).matches() ? told : known.group(1));
            return width == 0 ? 0 : Math.max(LEAST, width);
        } catch (IOException noShell) {
            return 0;
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return 0;
        }
    }
}
