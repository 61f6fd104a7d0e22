package dev.pointsman.launcher.process;

import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;

/** A launcher that was killed, with its orphans: instances that may still be registered and may still run. Thread-safe. */
public final class OrphanedLauncher {
    private final LauncherFile file;
    private final ProcessTable processes;
    private final ScheduledExecutorService executor;

    OrphanedLauncher(LauncherFile file, ProcessTable processes, ScheduledExecutorService executor) {
        this.file = file;
        this.processes = processes;
        this.executor = executor;
    }

    /** The ids of the launcher's instances, which may still be registered. */
    public List<String> ids() {
        return file.read().stream()
                .map(LauncherFile.InstanceEntry::id)
                .distinct()
                .toList();
    }

    /**
     * Ends the launcher's processes that still run, as {@link ChildProcess#end} does.
     *
     * @return completes when no process is left, with whether SIGKILL was needed
     */
    public CompletionStage<Boolean> end(Duration timeout) {
        return new ProcessTermination("a launcher that was killed", this::family, ProcessSignal.TERM, executor)
                .begin(timeout);
    }

    /** The number of the launcher's processes that still run. */
    public int size() {
        return family().size();
    }

    /**
     * The launcher's processes: found by the tag, which survives everything but a program that clears its environment;
     * such processes are found by the session that the launcher gave them, as long as its first process, which carries
     * the tag, is there.
     */
    private Set<Long> family() {
        ProcessTag tag = ProcessTag.of(file.name());
        Set<Long> family = processes.tagged(tag);
        for (LauncherFile.InstanceEntry entry : file.read()) {
            if (family.contains(entry.pid())) {
                processes
                        .of(entry.pid())
                        .ifPresent(leader -> family.addAll(processes.family(
                                entry.pid(), leader.startTicks(), ProcessTag.of(file.name(), entry.id()))));
            }
        }
        return new HashSet<>(family);
    }

    /** Deletes the launcher's file, so that it is not found again. */
    public void forget() throws IOException {
        file.delete();
    }
}
