package dev.pointsman.cli.log;

import java.io.Serial;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;

/** A logger whose events come out in the form of the moment: as text by another logger, which also knows the level, or as JSON. */
final class FormattedLogger extends LegacyAbstractLogger {
    @Serial
    private static final long serialVersionUID = 1;

    private final transient Logger text;

    FormattedLogger(String name, Logger text) {
        this.name = name;
        this.text = text;
    }

    @Override
    public boolean isTraceEnabled() {
        return text.isTraceEnabled();
    }

    @Override
    public boolean isDebugEnabled() {
        return text.isDebugEnabled();
    }

    @Override
    public boolean isInfoEnabled() {
        return text.isInfoEnabled();
    }

    @Override
    public boolean isWarnEnabled() {
        return text.isWarnEnabled();
    }

    @Override
    public boolean isErrorEnabled() {
        return text.isErrorEnabled();
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
            return;
        }
        switch (level) {
            case TRACE -> text.trace(message, exception);
            case DEBUG -> text.debug(message, exception);
            case INFO -> text.info(message, exception);
            case WARN -> text.warn(message, exception);
            case ERROR -> text.error(message, exception);
        }
    }
}
