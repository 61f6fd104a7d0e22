package dev.pointsman.cli.log;

import java.util.Locale;
import org.slf4j.event.Level;

/** From which level on events are logged. */
enum LogLevel {
    TRACE,
    DEBUG,
    INFO,
    WARN,
    ERROR,
    OFF;

    private static final String OWN = "dev.pointsman";

    private static volatile LogLevel own = INFO;

    /** Has our own loggers that are made from now on begin at this level. */
    static void use(LogLevel level) {
        own = level;
    }

    /** The level of a logger: libraries speak up when something is wrong. */
    static LogLevel of(String logger) {
        return logger.equals(OWN) || logger.startsWith(OWN + ".") ? own : WARN;
    }

    /** The level of that name in lower case. */
    static LogLevel named(String name) {
        return valueOf(name.toUpperCase(Locale.ROOT));
    }

    /** Whether an event of that level is logged. */
    boolean includes(Level level) {
        return switch (level) {
            case TRACE -> this == TRACE;
            case DEBUG -> compareTo(DEBUG) <= 0;
            case INFO -> compareTo(INFO) <= 0;
            case WARN -> compareTo(WARN) <= 0;
            case ERROR -> compareTo(ERROR) <= 0;
        };
    }
}
