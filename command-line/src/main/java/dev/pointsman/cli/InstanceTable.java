package dev.pointsman.cli;

import dev.pointsman.launcher.api.InstanceStatus;
import dev.pointsman.launcher.api.LastReplacement;
import dev.pointsman.registry.OneLine;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A table of instances: text to the left, numbers to the right, no lines; at the end why an instance is not as it
 * should be, or why it has taken the place of another one.
 */
final class InstanceTable {
    private static final List<String> HEAD =
            List.of("TYPE", "ID", "PID", "PORT", "STATE", "HEALTH", "RESTARTS", "UPTIME", "CPU", "MEMORY", "WHY");
    private static final List<Boolean> TO_THE_RIGHT =
            List.of(false, false, true, true, false, false, true, true, true, true, false);
    private static final String NONE = "-";

    private static final int LONGEST_REASON = 400;

    private InstanceTable() {}

    /**
     * The table's lines, the head first; none for no instance.
     *
     * @param now for how long ago something was
     */
    static List<String> lines(List<InstanceStatus> instances, Instant now) {
        if (instances.isEmpty()) {
            return List.of();
        }
        boolean why = instances.stream().anyMatch(each -> !why(each, now).isEmpty());
        List<List<String>> rows = new ArrayList<>();
        rows.add(HEAD);
        instances.forEach(each -> rows.add(row(each, now)));
        int columns = why ? HEAD.size() : HEAD.size() - 1;
        List<StringBuilder> lines = new ArrayList<>();
        rows.forEach(row -> lines.add(new StringBuilder()));
        for (int column = 0; column < columns; column++) {
            int at = column;
            int width =
                    rows.stream().mapToInt(row -> row.get(at).length()).max().orElse(0);
            for (int i = 0; i < rows.size(); i++) {
                String blanks = " ".repeat(width - rows.get(i).get(at).length());
                lines.get(i)
                        .append(column == 0 ? "" : "  ")
                        .append(TO_THE_RIGHT.get(at) ? blanks : "")
                        .append(rows.get(i).get(at))
                        .append(TO_THE_RIGHT.get(at) ? "" : blanks);
            }
        }
        return lines.stream().map(line -> line.toString().stripTrailing()).toList();
    }

    private static List<String> row(InstanceStatus status, Instant now) {
        boolean runs = status.pid() != 0;
        return List.of(
                OneLine.of(status.type()),
                OneLine.of(status.id()),
                runs ? Long.toString(status.pid()) : NONE,
                status.port() == 0 ? NONE : Integer.toString(status.port()),
                status.state().name().toLowerCase(Locale.ROOT),
                OneLine.of(status.health()),
                Integer.toString(status.restarts()),
                runs ? time(status.uptime()) : NONE,
                runs ? String.format(Locale.ROOT, "%.1f%%", status.cpuPercent()) : NONE,
                runs ? size(status.memory()) : NONE,
                OneLine.of(why(status, now), LONGEST_REASON));
    }

    private static String why(InstanceStatus status, Instant now) {
        LastReplacement last = status.lastReplaced();
        if (!status.reason().isEmpty() || last == null) {
            return status.reason();
        }
        Duration ago = Duration.between(last.at(), now);
        return "replaced " + time(ago.isNegative() ? Duration.ZERO : ago) + " ago: " + last.reason();
    }

    /** A time in its two largest units: 7s, 3m12s, 2h5m, 4d3h. */
    static String time(Duration time) {
        if (time.toDays() > 0) {
            return time.toDays() + "d" + time.toHoursPart() + "h";
        }
        if (time.toHours() > 0) {
            return time.toHours() + "h" + time.toMinutesPart() + "m";
        }
        return time.toMinutes() > 0 ? time.toMinutes() + "m" + time.toSecondsPart() + "s" : time.toSeconds() + "s";
    }

    /** A size in KiB, MiB or GiB, as flags are written. */
    static String size(long bytes) {
        if (bytes < 1 << 20) {
            return bytes / 1024 + "k";
        }
        return bytes < 1 << 30
                ? bytes / (1 << 20) + "m"
                : String.format(Locale.ROOT, "%.1fg", bytes / (double) (1 << 30));
    }
}
