package dev.pointsman.cli.log;

import dev.pointsman.balancer.config.LogFormat;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
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
