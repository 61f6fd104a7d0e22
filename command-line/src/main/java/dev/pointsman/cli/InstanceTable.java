package dev.pointsman.cli;

import dev.pointsman.cli.TextTable.TableColumn;
import dev.pointsman.launcher.api.InstanceStatus;
import dev.pointsman.launcher.api.LastReplacement;
import dev.pointsman.registry.OneLine;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/**
 * A table of instances; at the end why an instance is not as it
 * should be, or why it has taken the place of another one.
 */
final class InstanceTable {
    private static final List<TableColumn> COLUMNS = List.of(
            TableColumn.text("TYPE"),
            TableColumn.text("ID"),
            TableColumn.number("PID"),
            TableColumn.number("PORT"),
            TableColumn.text("STATE"),
            TableColumn.text("HEALTH"),
            TableColumn.number("RESTARTS"),
            TableColumn.number("UPTIME"),
            TableColumn.number("CPU"),
            TableColumn.number("MEMORY"),
            TableColumn.text("WHY"));
    private static final String NONE = "-";

    private static final int LONGEST_REASON = 400;

    private InstanceTable() {}

    /**
     * The table's lines, the head first; none for no instance.
     *
     * @param now for how long ago something was
     * @param width of the terminal in columns; 0 for no bound
     */
    static List<String> lines(List<InstanceStatus> instances, Instant now, int width) {
        if (instances.isEmpty()) {
            return List.of();
        }
        boolean why = instances.stream().anyMatch(each -> !why(each, now).isEmpty());
        return new TextTable(why ? COLUMNS : COLUMNS.subList(0, COLUMNS.size() - 1))
                .cutTo(width)
                .lines(instances.stream().map(each -> row(each, now)).toList());
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
