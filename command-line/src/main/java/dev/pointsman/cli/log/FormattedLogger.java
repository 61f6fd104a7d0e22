package dev.pointsman.cli.log;

import java.io.Serial;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;

/** A logger whose events come out in the form of the moment: as text or as JSON. */
final class FormattedLogger extends LegacyAbstractLogger {
    @Serial
    private static final long serialVersionUID = 1;

    private final LogLevel least;

    FormattedLogger(String name) {
        this.name = name;
        this.least = LogLevel.of(name);
    }

    @Override
    public boolean isTraceEnabled() {
        return least.includes(Level.TRACE);
    }

    @Override
    public boolean isDebugEnabled() {
        return least.includes(Level.DEBUG);
    }

    @Override
    public boolean isInfoEnabled() {
        return least.includes(Level.INFO);
    }

    @Override
    public boolean isWarnEnabled() {
        return least.includes(Level.WARN);
    }

    @Override
    public boolean isErrorEnabled() {
        return least.includes(Level.ERROR);
    }

    @Override
    protected @Nullable String getFullyQualifiedCallerName() {
        return null;
    }

    @Override
    protected void handleNormalizedLoggingCall(
            Level level,
            @Nullable Marker marker,
            @Nullable String pattern,
            @Nullable Object @Nullable [] arguments,
            @Nullable Throwable exception) {
        String message = String.valueOf(MessageFormatter.basicArrayFormat(pattern, arguments));
        if (LogOutput.isJson()) {
            LogOutput.json(System.err, level.name(), name, message, arguments, exception);
        } else {
            LogOutput.text(System.err, level.name(), name, message, exception);
        }
    }
}
