package dev.pointsman.cli.run;

import dev.pointsman.balancer.admin.LauncherAccess;
import dev.pointsman.launcher.api.InstanceStatus;
import dev.pointsman.launcher.api.InstanceStatus.InstanceState;
import dev.pointsman.launcher.api.LastReplacement;
import dev.pointsman.launcher.control.ControlException;
import dev.pointsman.launcher.control.Launchers;
import dev.pointsman.launcher.control.RunningLauncher;
import dev.pointsman.launcher.log.LogLine;
import dev.pointsman.launcher.log.LogReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The launchers of this user, asked by their control sockets, for a balancer that shows them. Not thread-safe. */
public final class RunningLaunchers implements LauncherAccess {
    private static final Logger log = LoggerFactory.getLogger(RunningLaunchers.class);
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    /** The states of instances that somebody does not want any more. */
    private static final Set<InstanceState> UNWANTED =
            EnumSet.of(InstanceState.DRAINING, InstanceState.STOPPING, InstanceState.STOPPED);

    private final Launchers launchers;
    private final InstantSource clock;
    private String lastSilent = "";

    public RunningLaunchers(RuntimeFolder folder, InstantSource clock) {
        this.launchers = new Launchers(folder.path(), folder.uid(), PATIENCE);
        this.clock = clock;
    }

    @Override
    public List<LauncherFacts> launchers() throws IOException {
        Instant now = clock.instant();
        return all().stream().map(launcher -> facts(launcher, now)).toList();
    }

    private List<RunningLauncher> all() throws IOException {
        try {
            return launchers.all(this::silent);
        } catch (ControlException refused) {
            throw new IOException(refused.getMessage(), refused);
        }
    }

    /** Says it once; it is asked every few seconds. */
    private void silent(String sentence) {
        if (!sentence.equals(lastSilent)) {
            log.warn("{}", sentence);
        }
        lastSilent = sentence;
    }

    private static LauncherFacts facts(RunningLauncher launcher, Instant now) {
        Set<String> names = new TreeSet<>(launcher.types());
        launcher.instances().forEach(instance -> names.add(instance.type()));
        List<TypeFacts> types = new ArrayList<>();
        for (String name : names) {
            List<InstanceStatus> own = launcher.instances().stream()
                    .filter(instance -> instance.type().equals(name))
                    .toList();
            types.add(new TypeFacts(
                    name,
                    (int) own.stream()
                            .filter(instance -> !UNWANTED.contains(instance.state()))
                            .count(),
                    (int) own.stream()
                            .filter(instance -> instance.state() == InstanceState.RUNNING)
                            .count(),
                    own.stream().map(instance -> facts(instance, now)).toList()));
        }
        return new LauncherFacts(launcher.pid(), String.join(", ", names), launcher.logs() != null, types);
    }

    private static ProcessFacts facts(InstanceStatus instance, Instant now) {
        @Nullable Instant started = instance.pid() == 0 ? null : now.minus(instance.uptime());
        return new ProcessFacts(
                instance.id(),
                instance.pid(),
                instance.port(),
                instance.state().name().toLowerCase(Locale.ROOT),
                instance.restarts(),
                instance.cpuPercent(),
                instance.memory(),
                started,
                why(instance));
    }

    private static String why(InstanceStatus instance) {
        LastReplacement last = instance.lastReplaced();
        return instance.reason().isEmpty() && last != null ? "replaced: " + last.reason() : instance.reason();
    }

    @Override
    public List<String> lastLines(String type, String instance, int most) throws IOException, NoOutputException {
        List<RunningLauncher> owners = all().stream()
                .filter(launcher -> launcher.types().contains(type))
                .toList();
        if (owners.isEmpty()) {
            throw new NoOutputException("no launcher that runs here has the type \"" + type + "\"");
        }
        Set<Path> folders = new TreeSet<>();
        for (RunningLauncher owner : owners) {
            Path logs = owner.logs();
            if (logs != null) {
                folders.add(logs);
            }
        }
        if (folders.isEmpty()) {
            throw new NoOutputException("the launcher does not keep what its instances print");
        }
        try (LogReader reader = new LogReader(folders, instance)) {
            List<LogLine> lines = reader.last(most).stream()
                    .filter(line -> line.type().equals(type))
                    .toList();
            if (lines.isEmpty()) {
                throw new NoOutputException("\"" + instance + "\" has not printed anything, or it was not kept");
            }
            return lines.stream().map(line -> line.time() + " " + line.text()).toList();
        }
    }
}
