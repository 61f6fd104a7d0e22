package dev.pointsman.launcher.process;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;

/** A child process on {@link Process}. */
final class SpawnedProcess implements ChildProcess {
    private final String id;
    private final Process process;
    private final Instant started;
    private final long startTicks;
    private final ProcessTag tag;
    private final ProcessTable processes;
    private final ScheduledExecutorService executor;
    private final LastLines lastLines;
    private final CompletableFuture<Integer> exit = new CompletableFuture<>();
    private @Nullable CompletableFuture<Boolean> ending;

    SpawnedProcess(
            String id,
            Process process,
            Instant started,
            ProcessTag tag,
            ProcessTable processes,
            ScheduledExecutorService executor,
            LastLines lastLines) {
        this.id = id;
        this.process = process;
        this.started = started;
        this.tag = tag;
        this.processes = processes;
        this.executor = executor;
        this.lastLines = lastLines;
        this.startTicks =
                processes.of(process.pid()).map(ProcessStat::startTicks).orElse(0L);
        CompletionStage<Process> over = process.onExit();
        over.thenAccept(ended -> exit.complete(ended.exitValue()));
    }

    @Override
    public long pid() {
        return process.pid();
    }

    @Override
    public Instant started() {
        return started;
    }

    /** See {@link ProcessStat#startTicks()}; 0 if it ended before it could be read, or this is no Linux. */
    long startTicks() {
        return startTicks;
    }

    @Override
    public CompletionStage<Integer> exit() {
        return exit.minimalCompletionStage();
    }

    @Override
    public List<String> lastLines() {
        return lastLines.lines();
    }

    Set<Long> family() {
        return processes.family(process.pid(), startTicks, tag);
    }

    @Override
    public synchronized CompletionStage<Boolean> end(ProcessSignal signal, Duration timeout) {
        if (ending == null) {
            ending = new ProcessTermination(id, this::notEnded, signal, executor).begin(timeout);
        }
        return ending.minimalCompletionStage();
    }

    @Override
    public boolean signal(ProcessSignal signal) {
        return SignalSender.send(process.toHandle(), signal);
    }

    /**
     * The family, and the process itself until it has been reaped: while the kernel takes it apart it counts as a zombie,
     * but its memory is still there, and others still see it.
     */
    private Set<Long> notEnded() {
        Set<Long> left = new HashSet<>(family());
        if (!exit.isDone()) {
            left.add(process.pid());
        }
        return left;
    }
}
