package dev.pointsman.cli.log;

import dev.pointsman.balancer.config.LogFormat;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.LocalTime;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;

/** Where events go, and in which form: standard error, which is one for the whole process. Thread-safe. */
final class LogOutput {
    private static volatile LogFormat format = LogFormat.TEXT;

    private LogOutput() {}

    static void use(LogFormat next) {
        format = next;
    }

    static boolean isJson() {
        return format == LogFormat.JSON;
    }

    /** Prints an event as a line of text, with the exception below it. */
    static void text(PrintStream to, String level, String logger, String message, @Nullable Throwable exception) {
        StringBuilder line = new StringBuilder(128);
        time(line, LocalTime.now(ZoneId.systemDefault()));
        line.append(' ').append(level).append(' ');
        line.append(logger, logger.lastIndexOf('.') + 1, logger.length());
        line.append(" - ").append(message);
        synchronized (LogOutput.class) {
            to.println(line.toString());
            if (exception != null) {
                exception.printStackTrace(to);
            }
            to.flush();
        }
    }

    /** {@code HH:mm:ss.SSS}, by hand: the first line of a process would wait for what formats any date. */
    private static void time(StringBuilder line, LocalTime now) {
        twoDigits(line, now.getHour()).append(':');
        twoDigits(line, now.getMinute()).append(':');
        twoDigits(line, now.getSecond()).append('.');
        int millis = now.getNano() / 1_000_000;
        line.append((char) ('0' + millis / 100));
        twoDigits(line, millis % 100);
    }

    private static StringBuilder twoDigits(StringBuilder line, int number) {
        return line.append((char) ('0' + number / 10)).append((char) ('0' + number % 10));
    }

    /** Prints an event as a line of JSON. */
    static void json(
            PrintStream to,
            String level,
            String logger,
            String message,
            @Nullable Object @Nullable [] arguments,
            @Nullable Throwable exception) {
        byte[] line = JsonEvent.line(
                        Clock.systemUTC().instant(),
                        level,
                        logger,
                        message,
                        Thread.currentThread().getName(),
                        arguments,
                        exception)
                .getBytes(StandardCharsets.US_ASCII);
        // In one call, which no other thread's comes between; and not as text, which would be made plain once more.
        to.write(line, 0, line.length);
        to.flush();
    }
}
