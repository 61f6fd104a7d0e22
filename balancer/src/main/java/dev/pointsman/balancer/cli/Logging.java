package dev.pointsman.balancer.cli;

import java.util.Map;
import java.util.Set;

/**
 * How the log looks: one line an event, to standard error. Times and names are set in {@code simplelogger.properties};
 * the level comes from {@code POINTSMAN_LOG} (error, warn, info, debug; info by default).
 */
final class Logging {
    private static final Set<String> LEVELS = Set.of("error", "warn", "info", "debug", "trace");

    private Logging() {}

    /** To be called before the first logger is made: it reads these properties once. */
    static void configure(Map<String, String> environment) {
        String level = environment.getOrDefault("POINTSMAN_LOG", "info");
        System.setProperty("org.slf4j.simpleLogger.log.dev.pointsman", LEVELS.contains(level) ? level : "info");
    }
}
