package dev.pointsman.cli;

import dev.pointsman.launcher.plan.InstanceOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A systemd unit (systemd.service(5)). {@code Type=notify} is honest here: the launcher says that it is ready when all
 * instances are, by systemd-notify, which systemd brings with it; as that is a process of its own, the unit needs
 * {@code NotifyAccess=all}. With {@code Type=exec} everything ordered after it would start before the first instance serves.
 *
 * @param what the types, for its description
 * @param path the PATH: systemd's own has no programs of a user's, see {@link UnitPath}
 * @param folder where it was asked for, and where it runs
 * @param program how to start this program, with absolute paths
 * @param run the arguments of the launcher
 * @param rules of all types; what systemd waits for must be longer than what they allow
 * @param user for the user's own systemd
 */
record SystemdUnit(
        String what,
        String path,
        Path folder,
        List<String> program,
        List<String> run,
        List<InstanceOptions> rules,
        boolean user) {
    private static final Duration SLACK = Duration.ofSeconds(30);

    List<String> lines() {
        List<String> start = new ArrayList<>(program);
        start.addAll(run);
        List<String> lines = new ArrayList<>();
        lines.add("[Unit]");
        lines.add("Description=Pointsman launcher: " + what.replace("%", "%%"));
        if (!user) {
            lines.add("Wants=network-online.target");
            lines.add("After=network-online.target");
        }
        lines.add("");
        lines.add("[Service]");
        lines.add("# Up when every instance is well and registered, which the launcher says by systemd-notify.");
        lines.add("Type=notify");
        lines.add("NotifyAccess=all");
        lines.add("Environment=\"PATH="
                + path.replace("%", "%%").replace("\\", "\\\\").replace("\"", "\\\"") + "\"");
        lines.add("WorkingDirectory=" + folder.toString().replace("%", "%%"));
        lines.add("ExecStart=" + words(start));
        lines.add("# Without a gap, and done when it has returned.");
        lines.add("ExecReload=" + words(program) + " reload --all --launcher $MAINPID");
        lines.add("Restart=on-failure");
        lines.add("RestartSec=1s");
        lines.add("# 2: the options or the file are wrong, and will be the next time too.");
        lines.add("RestartPreventExitStatus=2");
        lines.add("# The launcher stops its instances itself; systemd ends what is left after the time-out.");
        lines.add("KillMode=mixed");
        lines.add("TimeoutStartSec=" + seconds(InstanceOptions::startTimeout));
        lines.add("TimeoutStopSec="
                + seconds(each -> each.drainTimeout().plus(each.drainPause()).plus(each.stopTimeout())));
        lines.add("");
        lines.add("[Install]");
        lines.add("WantedBy=" + (user ? "default.target" : "multi-user.target"));
        return lines;
    }

    private String seconds(Function<InstanceOptions, Duration> time) {
        Duration longest = rules.stream().map(time).reduce(Duration.ZERO, (a, b) -> a.compareTo(b) > 0 ? a : b);
        return longest.plus(SLACK).toSeconds() + "s";
    }

    private static String words(List<String> words) {
        return words.stream().map(SystemdUnit::word).collect(Collectors.joining(" "));
    }

    /** One word of a unit's line: percent signs and dollars would be read by systemd, and blanks, quotes and backslashes need quotes. */
    static String word(String word) {
        String literal = word.replace("%", "%%").replace("$", "$$");
        boolean plain = !literal.isEmpty() && literal.chars().noneMatch(c -> c <= ' ' || "\"'\\;".indexOf(c) >= 0);
        return plain
                ? literal
                : '"' + literal.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
    }
}
