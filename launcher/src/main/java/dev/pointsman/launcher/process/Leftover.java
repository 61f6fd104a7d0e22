package dev.pointsman.launcher.process;

import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;

/** What a launcher that was killed left behind. Thread-safe. */
public final class Leftover {
    private final LauncherFile file;
    private final ProcessTable processes;
    private final ScheduledExecutorService executor;

    Leftover(LauncherFile file, ProcessTable processes, ScheduledExecutorService executor) {
        this.file = file;
        this.processes = processes;
        this.executor = executor;
    }

    /** The ids of its instances, which may still be registered. */
    public List<String> ids() {
        return file.read().stream().map(LauncherFile.Entry::id).distinct().toList();
    }

    /**
     * Ends what still runs of it, as {@link Child#end} does.
     *
     * @return completes when nothing is left, with whether SIGKILL was needed
     */
    public CompletionStage<Boolean> end(Duration patience) {
        return new Ending("the launcher before", this::family, executor).begin(patience);
    }

    /** How many processes of it still run. */
    public int size() {
        return family().size();
    }

    /**
     * By the mark, which survives everything but a program that clears its environment; those are found by the session that
     * the launcher gave to them, as long as its first process, which carries the mark, is there.
     */
    private Set<Long> family() {
        Mark mark = Mark.of(file.name());
        Set<Long> family = processes.marked(mark);
        for (LauncherFile.Entry entry : file.read()) {
            if (family.contains(entry.pid())) {
                processes
                        .of(entry.pid())
                        .ifPresent(leader -> family.addAll(
                                processes.family(entry.pid(), leader.startTicks(), Mark.of(file.name(), entry.id()))));
            }
        }
        return new HashSet<>(family);
    }

    /** Forgets it, for good. */
    public void forget() throws IOException {
        file.delete();
    }
}
