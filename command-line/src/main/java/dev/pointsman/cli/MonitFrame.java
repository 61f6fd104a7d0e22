package dev.pointsman.cli;

import dev.pointsman.cli.TopFrame.Away;
import dev.pointsman.cli.TopLine.Tone;
import dev.pointsman.launcher.api.InstanceStatus;
import dev.pointsman.launcher.api.InstanceStatus.InstanceState;
import dev.pointsman.launcher.control.RunningLauncher;
import dev.pointsman.launcher.log.LogLine;
import dev.pointsman.registry.OneLine;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is to be seen of launchers at one moment. Immutable.
 *
 * @param view null before there is one
 * @param away why there is no newer one; null if it is new
 * @param footer the last line; empty for none
 * @param now for how long ago something was
 * @param mostLines of what instances printed
 */
record MonitFrame(@Nullable MonitView view, @Nullable Away away, String footer, Instant now, int mostLines) {
    private static final int LONGEST_LINE = 1000;

    /**
     * What launchers said.
     *
     * @param launchers how many
     * @param printed the newest lines, oldest first
     * @param silent a sentence for each launcher that did not respond
     */
    record MonitView(int launchers, List<InstanceStatus> instances, List<LogLine> printed, List<String> silent) {
        MonitView {
            instances = List.copyOf(instances);
            printed = List.copyOf(printed);
            silent = List.copyOf(silent);
        }

        /** A part of it, before anything was read. */
        record Look(int launchers, List<InstanceStatus> instances, Set<Path> logFolders) {}

        static Look look(List<RunningLauncher> all, @Nullable Long pid, @Nullable String typeOrId) {
            List<InstanceStatus> instances = new ArrayList<>();
            Set<Path> folders = new LinkedHashSet<>();
            int launchers = 0;
            for (RunningLauncher launcher : all) {
                if ((pid == null || launcher.pid() == pid) && (typeOrId == null || launcher.has(typeOrId))) {
                    launchers++;
                    launcher.instances().stream()
                            .filter(each -> typeOrId == null
                                    || each.type().equals(typeOrId)
                                    || each.id().equals(typeOrId))
                            .forEach(instances::add);
                    if (launcher.logs() != null) {
                        folders.add(launcher.logs());
                    }
                }
            }
            return new Look(launchers, instances, folders);
        }
    }

    /** The lines, none wider than the terminal, and together no higher. */
    List<TopLine> lines(TerminalSize size) {
        List<TopLine> lines = new ArrayList<>();
        if (away != null) {
            lines.add(new TopLine("the launchers could not be asked: " + OneLine.of(away.why()), Tone.TROUBLE));
        }
        int end = footer.isEmpty() ? 0 : 1;
        if (view != null) {
            known(view, size, end, lines);
        } else if (away == null) {
            lines.add(TopLine.plain("asking your launchers"));
        }
        int room = size.rows() == 0 ? Integer.MAX_VALUE : Math.max(0, size.rows() - end);
        List<TopLine> shown = new ArrayList<>(lines.subList(0, Math.min(lines.size(), room)));
        if (end > 0) {
            shown.add(TopLine.plain(footer));
        }
        return shown.stream().map(line -> cut(line, size.columns())).toList();
    }

    private void known(MonitView seen, TerminalSize size, int end, List<TopLine> lines) {
        lines.add(head(seen));
        seen.silent().forEach(sentence -> lines.add(new TopLine(OneLine.of(sentence), Tone.WARNING)));
        lines.add(TopLine.plain(""));
        List<TopLine> table = table(seen, size.columns());
        // What is printed has a third of the terminal, and whatever the table leaves.
        int room = size.rows() == 0 ? Integer.MAX_VALUE : Math.max(0, size.rows() - lines.size() - end);
        int forTable = size.rows() == 0 ? table.size() : Math.min(table.size(), Math.max(2, room * 2 / 3));
        lines.addAll(table.subList(0, Math.min(forTable, table.size())));
        int forLines = Math.min(mostLines, room - forTable - 1);
        List<LogLine> printed = seen.printed();
        if (forLines > 0 && !printed.isEmpty()) {
            lines.add(TopLine.plain(""));
            printed.subList(Math.max(0, printed.size() - forLines), printed.size())
                    .forEach(line -> lines.add(
                            TopLine.plain(OneLine.of(line.id()) + " | " + OneLine.of(line.text(), LONGEST_LINE))));
        }
    }

    private static TopLine head(MonitView seen) {
        double cpu = 0;
        long memory = 0;
        long run = 0;
        int restarts = 0;
        for (InstanceStatus each : seen.instances()) {
            cpu += each.cpuPercent();
            memory += each.memory();
            restarts += each.restarts();
            run += each.state() == InstanceState.RUNNING ? 1 : 0;
        }
        if (seen.launchers() == 0) {
            return new TopLine("no launcher runs here (pointsman run starts one)", Tone.HEAD);
        }
        return new TopLine(
                String.format(
                        Locale.ROOT,
                        "%s, %s: %d running, cpu %.1f%%, memory %s, %s",
                        count(seen.launchers(), "launcher"),
                        count(seen.instances().size(), "instance"),
                        run,
                        cpu,
                        InstanceTable.size(memory),
                        count(restarts, "restart")),
                Tone.HEAD);
    }

    private static String count(int number, String one) {
        return number + " " + one + (number == 1 ? "" : "s");
    }

    private List<TopLine> table(MonitView seen, int columns) {
        List<String> lines = InstanceTable.lines(seen.instances(), now, columns);
        List<TopLine> toned = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            toned.add(new TopLine(
                    lines.get(i), i == 0 ? Tone.HEAD : tone(seen.instances().get(i - 1))));
        }
        return toned;
    }

    private static Tone tone(InstanceStatus status) {
        return switch (status.state()) {
            case RUNNING -> status.health().equals("critical") ? Tone.WARNING : Tone.PLAIN;
            case BACKOFF, FAILED -> Tone.TROUBLE;
            case STARTING, DRAINING, STOPPING -> Tone.WARNING;
            case STOPPED -> Tone.OLD;
        };
    }

    private static TopLine cut(TopLine line, int columns) {
        return columns == 0 || DisplayWidth.of(line.text()) <= columns
                ? line
                : new TopLine(DisplayWidth.cut(line.text(), columns - 1) + "\u2026", line.tone());
    }
}
