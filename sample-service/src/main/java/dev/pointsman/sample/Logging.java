package dev.pointsman.sample;

import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The level of the log. How a line looks stands in simplelogger.properties. */
final class Logging {
    private static final String VARIABLE = "POINTSMAN_LOG";
    private static final Set<String> LEVELS = Set.of("trace", "debug", "info", "warn", "error", "off");

    private Logging() {}

    /** Call it before the first logger is made: slf4j-simple reads this once. */
    static void configure(Map<String, String> environment) {
        String level = environment.getOrDefault(VARIABLE, "").strip().toLowerCase(Locale.ROOT);
        if (LEVELS.contains(level)) {
            System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", level);
        } else if (!level.isEmpty()) {
            System.err.println(VARIABLE + ": " + level + " (expected: trace, debug, info, warn, error or off);"
                    + " going on with info");
        }
    }
}
