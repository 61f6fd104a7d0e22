package dev.pointsman.cli.launcher;

import java.util.Map;
import java.util.Set;

/**
 * How the launcher's own log looks: one line an event, to standard error. The level comes from {@code POINTSMAN_LOG} (error,
 * warn, info, debug; info by default). By system properties and no file, because this module is also a library.
 */
final class Logging {
    private static final Set<String> LEVELS = Set.of("error", "warn", "info", "debug", "trace");
    private static final String PREFIX = "org.slf4j.simpleLogger.";

    private Logging() {}

    /** To be called before the first logger is made: it reads these properties once. */
    static void configure(Map<String, String> environment) {
        String level = environment.getOrDefault("POINTSMAN_LOG", "info");
        System.setProperty(PREFIX + "log.dev.pointsman", LEVELS.contains(level) ? level : "info");
        // Libraries speak up when something is wrong.
        System.setProperty(PREFIX + "defaultLogLevel", "warn");
        System.setProperty(PREFIX + "showDateTime", "true");
        System.setProperty(PREFIX + "dateTimeFormat", "HH:mm:ss.SSS");
        System.setProperty(PREFIX + "showThreadName", "false");
        System.setProperty(PREFIX + "showShortLogName", "true");
    }
}
