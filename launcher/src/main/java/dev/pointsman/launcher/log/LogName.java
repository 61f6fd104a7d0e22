package dev.pointsman.launcher.log;

import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The name of a type's log file: {@code TYPE.log}, or {@code TYPE+2.log} for a second launcher that runs the same type at the
 * same time. A plus has no place in a type.
 */
final class LogName {
    private static final Pattern NAME = Pattern.compile("([^+]+)(?:\\+\\d+)?\\.log");
    private static final Pattern ROTATED = Pattern.compile("(.+\\.log)\\.\\d+");

    private LogName() {}

    /** @param launcher 1 for the first that runs the type */
    static String of(String type, int launcher) {
        return type + (launcher == 1 ? "" : "+" + launcher) + ".log";
    }

    /** The path that a log file grows under, of itself or of what {@link RotatingFile} made of it; else the same path. */
    static Path growing(Path file) {
        String name = String.valueOf(file.getFileName());
        return file.resolveSibling(ROTATED.matcher(name).replaceFirst("$1"));
    }

    /** The type of a log file, or null if the file is no log file. */
    static @Nullable String type(Path file) {
        Matcher matcher = NAME.matcher(String.valueOf(file.getFileName()));
        return matcher.matches() ? matcher.group(1) : null;
    }
}
