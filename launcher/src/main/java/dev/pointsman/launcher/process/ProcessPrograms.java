package dev.pointsman.launcher.process;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Programs as processes of this machine. Everything that is started carries the launcher's {@link Mark}.
 *
 * <p>Threads: one starts them all, for as long as this lives, because {@code setpriv --pdeathsig} goes by the thread; one
 * reads {@code /proc}; and one each reads what a program prints, because Java has no other way to read a pipe.
 */
public final class ProcessPrograms implements Programs, AutoCloseable {
    private static final File NOTHING = new File("/dev/null");

    private final String launcher;
    private final Clock clock;
    private final ProcessTable processes = new ProcessTable();
    private final Sockets sockets = new Sockets(processes);
    private final UsageMeter meter;
    private final Reaper reaper = new Reaper(ProcessHandle.current().pid());
    private final ExecutorService starter = Executors.newSingleThreadExecutor(daemons("launcher-starts"));
    private final ScheduledExecutorService looker;
    private @Nullable Wrapping wrapping;

    /**
     * @param launcher a name that no other launcher has, nor had
     * @param clock for the children's {@link Child#started()}
     * @param nanos for what they use
     */
    public ProcessPrograms(String launcher, Clock clock, LongSupplier nanos) {
        this.launcher = launcher;
        this.clock = clock;
        this.meter = new UsageMeter(nanos);
        ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1, daemons("launcher-looks"));
        executor.setRemoveOnCancelPolicy(true);
        this.looker = executor;
    }

    private static ThreadFactory daemons(String name) {
        return task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        };
    }

    @Override
    public CompletionStage<Child> start(Program program) {
        CompletableFuture<Child> started = new CompletableFuture<>();
        starter.execute(() -> {
            try {
                started.complete(startNow(program));
            } catch (CannotStartException | RuntimeException | Error e) {
                // Whatever it is: were this thread to end by it, Linux would send SIGTERM to every child (see
                // Wrapping).
                started.completeExceptionally(e);
            }
        });
        return started;
    }

    private Child startNow(Program program) throws CannotStartException {
        if (wrapping == null) {
            wrapping = Wrapping.ofThisMachine();
        }
        List<String> command = Commands.withPort(program.command(), program.port());
        Optional<String> fault = Commands.fault(command, program.directory(), Commands.path(program.environment()));
        if (fault.isPresent()) {
            throw new CannotStartException(fault.get());
        }
        ProcessBuilder builder = new ProcessBuilder(wrapping.around(command));
        if (program.directory() != null) {
            builder.directory(program.directory().toFile());
        }
        Mark mark = Mark.of(launcher, program.id());
        Map<String, String> environment = builder.environment();
        // What the launcher tells systemd is not for its programs to say.
        environment.remove("NOTIFY_SOCKET");
        environment.putAll(program.environment());
        environment.put("PORT", Integer.toString(program.port()));
        mark.putInto(environment);
        try {
            return launch(program, builder, mark);
        } catch (IOException e) {
            throw new CannotStartException(String.valueOf(e.getMessage()));
        }
    }

    private Child launch(Program program, ProcessBuilder builder, Mark mark) throws IOException {
        Consumer<String> output = program.output();
        if (output == null) {
            builder.inheritIO();
        } else {
            builder.redirectErrorStream(true);
            if (NOTHING.exists()) {
                builder.redirectInput(Redirect.from(NOTHING));
            }
        }
        Process process = builder.start();
        Tail tail = new Tail();
        if (output != null) {
            read(process.getInputStream(), program.id(), line -> {
                tail.add(line);
                output.accept(line);
            });
        }
        return new RunningChild(program.id(), process, clock.instant(), mark, processes, looker, tail);
    }

    private static void read(InputStream from, String id, Consumer<String> lines) {
        daemons("output-" + id)
                .newThread(() -> new LineReader(lines).read(from))
                .start();
    }

    @Override
    public CompletionStage<PortHolder> holder(int port, Child child) {
        return look(() -> sockets.holder(port, ((RunningChild) child).family()));
    }

    @Override
    public CompletionStage<List<Integer>> listening(Child child) {
        return look(() -> sockets.portsOf(((RunningChild) child).family()));
    }

    @Override
    public CompletionStage<Map<Long, Usage>> usage(Collection<Child> children) {
        return look(() -> {
            List<ProcessFacts> all = processes.all();
            reaper.look(all);
            Map<Long, Usage> usage = new HashMap<>();
            for (Child child : children) {
                usage.put(child.pid(), meter.measure(child.pid(), ProcessTable.family(child.pid(), all)));
            }
            meter.forgetAllBut(usage.keySet());
            return usage;
        });
    }

    /**
     * What launchers that were killed have left behind. From here on it is this caller's to look after: nobody else is told of
     * it as long as this process lives.
     *
     * @param folder where they kept their {@link LauncherFile}
     */
    public CompletionStage<List<Leftover>> leftovers(Path folder) {
        return look(() -> {
            try {
                return LauncherFile.ofTheDead(folder).stream()
                        .map(file -> new Leftover(file, processes, looker))
                        .toList();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private <T> CompletionStage<T> look(Supplier<T> question) {
        return CompletableFuture.supplyAsync(question, looker);
    }

    /** Children that still run go on, or end by themselves where {@code setpriv} is there. */
    @Override
    public void close() {
        starter.shutdown();
        looker.shutdown();
    }
}
