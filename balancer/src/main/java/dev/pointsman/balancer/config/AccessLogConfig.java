package dev.pointsman.balancer.config;

import dev.pointsman.balancer.accesslog.BadTemplateException;
import dev.pointsman.balancer.accesslog.LineFormat;
import dev.pointsman.balancer.accesslog.LogDestination;
import dev.pointsman.balancer.observe.MaskedNames;
import dev.pointsman.settings.NearestName;
import dev.pointsman.settings.Setting;
import dev.pointsman.settings.Settings;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The access log that is to be written.
 *
 * @param destination where it goes; null, the default, for nowhere
 * @param format what its lines look like
 */
public record AccessLogConfig(@Nullable LogDestination destination, LineFormat format) {
    /** What stands for standard output. */
    private static final String STANDARD_OUTPUT = "-";

    private static final String OFF = "off";

    /** What stands for the names that are masked by default, in a list of further ones. */
    private static final String DEFAULT_MASK = "default";

    private static final String NO_MASK = "none";

    /** Reads the settings; looks at the file only where they may have it do so. */
    static AccessLogConfig read(Settings settings, boolean looksAtFiles) {
        MaskedNames masked = new MaskedNames(settings.get(ObservationSettings.MASK));
        return new AccessLogConfig(destination(settings, looksAtFiles), format(settings, masked));
    }

    private static LineFormat format(Settings settings, MaskedNames masked) {
        Setting given = settings.last(ObservationSettings.ACCESS_LOG_FORMAT.key());
        try {
            return LineFormat.of(settings.get(ObservationSettings.ACCESS_LOG_FORMAT), masked);
        } catch (BadTemplateException bad) {
            String place = given == null
                    ? ObservationSettings.ACCESS_LOG_FORMAT.key() + ": "
                    : given.source() + ": " + Settings.shown(given.written()) + " is ";
            settings.problem(place + shown(bad)
                    + " (expected: combined, json, or text with placeholders such as {method} and {status};"
                    + " docs/access-log.md has all of them)" + NearestName.hint(bad.given(), bad.known()));
            return LineFormat.json(masked);
        }
    }

    private static String shown(BadTemplateException bad) {
        String line = Settings.shown(String.valueOf(bad.getMessage()));
        return line.substring(1, line.length() - 1);
    }

    private static @Nullable LogDestination destination(Settings settings, boolean looksAtFiles) {
        Setting given = settings.last(ObservationSettings.ACCESS_LOG.key());
        String text = settings.find(ObservationSettings.ACCESS_LOG);
        if (given == null || text == null || text.equals(OFF)) {
            return null;
        }
        if (text.equals(STANDARD_OUTPUT)) {
            return LogDestination.STANDARD_OUTPUT;
        }
        String obstacle = "";
        try {
            Path file = Path.of(text).toAbsolutePath();
            obstacle = looksAtFiles ? obstacle(file) : "";
            if (obstacle.isEmpty()) {
                return new LogDestination(file);
            }
        } catch (InvalidPathException noPath) {
            // reported below with all the rest
        }
        settings.problem(
                given.source() + ": " + Settings.shown(given.written()) + obstacle
                        + " (expected: a file that can be written, or that can be made in its folder; - for standard output, or off)");
        return null;
    }

    /** Why no line could be written to it, noticed now and not when there is one; empty if nothing is in the way. */
    private static String obstacle(Path file) {
        if (Files.isDirectory(file)) {
            return " is a folder";
        }
        if (Files.exists(file)) {
            // Not a named pipe, for whose reader one would wait.
            if (!Files.isRegularFile(file)) {
                return " is a pipe or a device";
            }
            return Files.isWritable(file) ? "" : " may not be written";
        }
        Path folder = file.getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            return " is in a folder that does not exist";
        }
        return Files.isWritable(folder) ? "" : " is in a folder that may not be written";
    }

    /** The names of a list; null for a list that is none. */
    static @Nullable Set<String> names(String list) {
        if (list.strip().equals(NO_MASK)) {
            return Set.of();
        }
        Set<String> names = new TreeSet<>();
        for (String each : list.split(",", -1)) {
            String name = each.strip().toLowerCase(Locale.ROOT);
            if (name.equals(DEFAULT_MASK)) {
                names.addAll(MaskedNames.DEFAULT);
            } else if (name.isEmpty() || !name.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '=' && c != '&')) {
                return null;
            } else {
                names.add(name);
            }
        }
        return names;
    }

    /** The list that {@link #names} reads as these names. */
    static String joined(Set<String> names) {
        if (names.isEmpty()) {
            return NO_MASK;
        }
        TreeSet<String> more = new TreeSet<>(names);
        if (names.containsAll(MaskedNames.DEFAULT)) {
            more.removeAll(MaskedNames.DEFAULT);
            return more.isEmpty() ? DEFAULT_MASK : DEFAULT_MASK + "," + String.join(",", more);
        }
        return String.join(",", more);
    }

    /** The usual names as a sentence has them. */
    static String usual() {
        return String.join(", ", List.copyOf(new TreeSet<>(MaskedNames.DEFAULT)));
    }
}
