package dev.pointsman.launcher.process;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;

/** A child that is a process. */
final class RunningChild implements Child {
    private final String id;
    private final Process process;
    private final Instant started;
    private final long startTicks;
    private final Mark mark;
    private final ProcessTable processes;
    private final ScheduledExecutorService executor;
    private final Tail tail;
    private final CompletableFuture<Integer> exit = new CompletableFuture<>();
    private @Nullable CompletableFuture<Boolean> ending;

    RunningChild(
            String id,
            Process process,
            Instant started,
            Mark mark,
            ProcessTable processes,
            ScheduledExecutorService executor,
            Tail tail) {
        this.id = id;
        this.process = process;
        this.started = started;
        this.mark = mark;
        this.processes = processes;
        this.executor = executor;
        this.tail = tail;
        this.startTicks =
                processes.of(process.pid()).map(ProcessFacts::startTicks).orElse(0L);
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

    /** See {@link ProcessFacts#startTicks()}; 0 if it ended before it could be read, or this is no Linux. */
    long startTicks() {
        return startTicks;
    }

    @Override
    public CompletionStage<Integer> exit() {
        return exit.minimalCompletionStage();
    }

    @Override
    public List<String> lastLines() {
        return tail.lines();
    }

    Set<Long> family() {
        return processes.family(process.pid(), startTicks, mark);
    }

    @Override
    public synchronized CompletionStage<Boolean> end(Duration patience) {
        if (ending == null) {
            ending = new Ending(id, this::family, executor).begin(patience);
        }
        return ending.minimalCompletionStage();
    }
}
