package dev.pointsman.cli;

import dev.pointsman.cli.MonitFrame.MonitView;
import dev.pointsman.cli.TopFrame.Away;
import dev.pointsman.cli.run.CommandFailure;
import dev.pointsman.launcher.control.ControlException;
import dev.pointsman.launcher.control.Launchers;
import dev.pointsman.launcher.control.RunningLauncher;
import dev.pointsman.launcher.log.LogLine;
import dev.pointsman.launcher.log.LogReader;
import dev.pointsman.settings.Form;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code pointsman monit}: a live view of what launchers run, and of what that prints. */
@Command(
        name = "monit",
        aliases = "dashboard",
        description = "Shows live what your launchers run: processor, memory, restarts, and the last lines printed.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        footer = {"", "q quits. Without a terminal it is as with --once. 'top' is the same for a balancer."})
final class MonitCommand extends OnLaunchers {
    private static final Duration LEAST_INTERVAL = Duration.ofMillis(100);

    /** More than any terminal is high. */
    private static final int MOST_LINES = 500;

    private static final int LINES_ONCE = 10;

    @Parameters(paramLabel = "TYPE|ID", arity = "0..1", description = "whose; all without")
    private @Nullable String typeOrId;

    @Option(
            names = "--interval",
            paramLabel = "TIME",
            defaultValue = "1s",
            description = "how often it is looked (${DEFAULT-VALUE})")
    private String interval = "";

    @Option(names = "--once", description = "print it once and end")
    private boolean once;

    @Override
    public Integer call() throws ControlException, CommandFailure, InterruptedException {
        Duration pause = Form.time().parse().apply(interval);
        if (pause == null || pause.compareTo(LEAST_INTERVAL) < 0) {
            throw badUsage(
                    "--interval: \"" + interval + "\" (expected: a time such as 500ms or 2s, from 100ms to 24h)");
        }
        PointsmanCommand above = PointsmanCommand.above(spec);
        TerminalSize size = TerminalSize.of(above.environment());
        LaunchersSource source = new LaunchersSource(above, pid, typeOrId);
        if (once
                || !size.isTerminal()
                || above.environment().getOrDefault("TERM", "").equals("dumb")) {
            new MonitFrame(source.overview(), null, "", Clock.systemUTC().instant(), LINES_ONCE)
                    .lines(TerminalSize.NONE)
                    .forEach(line -> out().println(line.text()));
            return 0;
        }
        try (TopTerminal terminal = new TopTerminal(out(), above.environment(), size)) {
            return new TopLoop<>(source, TopLoop::inBackground, terminal, pause, System::nanoTime).run();
        }
    }

    /** The launchers of the user, and what their instances print. One thread at a time. */
    private static final class LaunchersSource implements TopLoop.Source<MonitView> {
        private final PointsmanCommand above;
        private final @Nullable Long pid;
        private final @Nullable String typeOrId;
        private final List<LogLine> printed = new ArrayList<>();
        private Set<Path> folders = Set.of();
        private @Nullable LogReader reader;

        LaunchersSource(PointsmanCommand above, @Nullable Long pid, @Nullable String typeOrId) {
            this.above = above;
            this.pid = pid;
            this.typeOrId = typeOrId;
        }

        @Override
        public MonitView overview() throws CommandFailure {
            try {
                List<String> silent = new ArrayList<>();
                List<RunningLauncher> all = above.launchers().all(silent::add);
                MonitView.Look look = MonitView.look(all, pid, typeOrId);
                if (look.launchers() == 0 && typeOrId != null && !all.isEmpty()) {
                    // For its sentence, which says what there is.
                    RunningLauncher unusedOwner = Launchers.owner(all, typeOrId);
                }
                read(look.logFolders());
                return new MonitView(look.launchers(), look.instances(), List.copyOf(printed), silent);
            } catch (ControlException | IOException failed) {
                throw new CommandFailure(String.valueOf(failed.getMessage()));
            }
        }

        private void read(Set<Path> now) throws IOException {
            LogReader current = reader;
            if (current == null || !now.equals(folders)) {
                if (current != null) {
                    current.close();
                }
                folders = now;
                reader = current = new LogReader(now, typeOrId);
                printed.clear();
                printed.addAll(current.last(MOST_LINES));
            } else {
                printed.addAll(current.more());
            }
            if (printed.size() > MOST_LINES) {
                printed.subList(0, printed.size() - MOST_LINES).clear();
            }
        }

        @Override
        public List<TopLine> lines(@Nullable MonitView newest, @Nullable Away away, String wayOut, TerminalSize size) {
            return new MonitFrame(newest, away, wayOut, Clock.systemUTC().instant(), MOST_LINES).lines(size);
        }
    }
}
