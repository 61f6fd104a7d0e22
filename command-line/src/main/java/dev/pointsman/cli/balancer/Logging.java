package dev.pointsman.cli.balancer;

import java.util.Map;
import java.util.Set;

/**
 * How the log looks: one line an event, to standard error. Times and names are set in {@code simplelogger.properties};
 * the level comes from {@code POINTSMAN_LOG} (error, warn, info, debug; if it is not set, info, and warn for a demo, which says
 * itself what is well).
 */
final class Logging {
    static final String VARIABLE = "POINTSMAN_LOG";
    private static final Set<String> LEVELS = Set.of("error", "warn", "info", "debug", "trace");

    private Logging() {}

    /** To be called before the first logger is made: it reads these properties once. */
    static void configure(Map<String, String> environment, String command) {
        String level = environment.getOrDefault(VARIABLE, command.equals("demo") ? "warn" : "info");
        System.setProperty("org.slf4j.simpleLogger.log.dev.pointsman", LEVELS.contains(level) ? level : "info");
    }
}
