package dev.pointsman.cli;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The format of the log: one line an event, to standard error. Times and names are set in {@code simplelogger.properties};
 * the level comes from {@code POINTSMAN_LOG} (off, error, warn, info, debug, trace; if it is not set, info, and warn for a demo,
 * which says itself what is well).
 */
final class Logging {
    static final String VARIABLE = "POINTSMAN_LOG";
    private static final Set<String> LEVELS = Set.of("error", "warn", "info", "debug", "trace", "off");

    private Logging() {}

    /** Sets the properties of the log; to be called before the first logger is made, which reads them once. */
    static void configure(Map<String, String> environment, String command, PrintWriter err) {
        String usual = command.equals("demo") ? "warn" : "info";
        String given = environment.getOrDefault(VARIABLE, "").strip().toLowerCase(Locale.ROOT);
        String level = given.isEmpty() ? usual : given;
        if (!LEVELS.contains(level)) {
            err.println(VARIABLE + ": \"" + level
                    + "\" (expected: trace, debug, info, warn, error or off); going on with " + usual);
            err.flush();
            level = usual;
        }
        System.setProperty("org.slf4j.simpleLogger.log.dev.pointsman", level);
    }
}
