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
 * The programs of a launcher as processes of this machine. Every process carries the launcher's {@link ProcessTag}.
 *
 * <p>Threads: one starts them all, for as long as this lives, because {@code setpriv --pdeathsig} goes by the thread; one
 * reads {@code /proc}; and one each reads what a program prints, because Java has no other way to read a pipe.
 */
public final class ProcessPrograms implements Programs, AutoCloseable {
    private static final File DEV_NULL = new File("/dev/null");

    private final String launcher;
    private final Clock clock;
    private final ProcessTable processes = new ProcessTable();
    private final ListeningSockets sockets = new ListeningSockets(processes);
    private final UsageMeter meter;
    private final Reaper reaper = new Reaper(ProcessHandle.current().pid());
    private final ExecutorService starter = Executors.newSingleThreadExecutor(daemons("launcher-starts"));
    private final ScheduledExecutorService observer;
    private @Nullable CommandWrapper wrapper;

    /**
     * @param launcher a name that no other launcher has, nor had
     * @param clock for the children's {@link ChildProcess#started()}
     * @param nanos for what they use
     */
    public ProcessPrograms(String launcher, Clock clock, LongSupplier nanos) {
        this.launcher = launcher;
        this.clock = clock;
        this.meter = new UsageMeter(nanos);
        ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1, daemons("launcher-observes"));
        executor.setRemoveOnCancelPolicy(true);
        this.observer = executor;
    }

    private static ThreadFactory daemons(String name) {
        return task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        };
    }

    @Override
    public CompletionStage<ChildProcess> start(Program program) {
        CompletableFuture<ChildProcess> started = new CompletableFuture<>();
        starter.execute(() -> {
            try {
                started.complete(startNow(program));
            } catch (CannotStartException | RuntimeException | Error e) {
                // Also an Error: were this thread to end by it, Linux would send SIGTERM to every child (see
                // CommandWrapper).
                started.completeExceptionally(e);
            }
        });
        return started;
    }

    private ChildProcess startNow(Program program) throws CannotStartException {
        if (wrapper == null) {
            wrapper = CommandWrapper.ofThisMachine();
        }
        Map<String, String> variables = program.environment().read();
        List<String> command = Commands.withPort(program.command(), program.port());
        Optional<String> fault = Commands.fault(command, program.directory(), Commands.path(variables));
        if (fault.isPresent()) {
            throw new CannotStartException(fault.get());
        }
        ProcessBuilder builder = new ProcessBuilder(wrapper.around(command));
        if (program.directory() != null) {
            builder.directory(program.directory().toFile());
        }
        ProcessTag tag = ProcessTag.of(launcher, program.id());
        Map<String, String> environment = builder.environment();
        // Only the launcher itself may notify systemd.
        environment.remove("NOTIFY_SOCKET");
        nameFolder(environment, program.directory());
        environment.putAll(variables);
        environment.put("PORT", Integer.toString(program.port()));
        tag.putInto(environment);
        try {
            return launch(program, builder, tag);
        } catch (IOException e) {
            throw new CannotStartException(String.valueOf(e.getMessage()));
        }
    }

    /** Sets the name of the folder that the program runs in, as a shell does: with the links in it, which the program cannot see. */
    private static void nameFolder(Map<String, String> environment, @Nullable Path directory) {
        if (directory == null) {
            return;
        }
        if (directory.isAbsolute() && directory.equals(directory.normalize())) {
            environment.put("PWD", directory.toString());
        } else {
            environment.remove("PWD");
        }
    }

    private ChildProcess launch(Program program, ProcessBuilder builder, ProcessTag tag) throws IOException {
        Consumer<String> output = program.output();
        if (output == null) {
            builder.inheritIO();
        } else {
            builder.redirectErrorStream(true);
            if (DEV_NULL.exists()) {
                builder.redirectInput(Redirect.from(DEV_NULL));
            }
        }
        Process process = builder.start();
        LastLines lastLines = new LastLines();
        if (output != null) {
            read(process.getInputStream(), program.id(), line -> {
                lastLines.add(line);
                output.accept(line);
            });
        }
        return new SpawnedProcess(program.id(), process, clock.instant(), tag, processes, observer, lastLines);
    }

    private static void read(InputStream from, String id, Consumer<String> lines) {
        daemons("output-" + id)
                .newThread(() -> new LineReader(lines).read(from))
                .start();
    }

    @Override
    public CompletionStage<PortHolder> holder(int port, ChildProcess child) {
        return observe(() -> sockets.holder(port, ((SpawnedProcess) child).family()));
    }

    @Override
    public CompletionStage<List<Integer>> listening(ChildProcess child) {
        return observe(() -> sockets.portsOf(((SpawnedProcess) child).family()));
    }

    @Override
    public CompletionStage<Map<Long, Usage>> usage(Collection<ChildProcess> children) {
        return observe(() -> {
            List<ProcessStat> all = processes.all();
            reaper.reap(all);
            Map<Long, Usage> usage = new HashMap<>();
            for (ChildProcess child : children) {
                usage.put(child.pid(), meter.measure(child.pid(), ProcessTable.family(child.pid(), all)));
            }
            meter.forgetAllBut(usage.keySet());
            return usage;
        });
    }

    /**
     * The launchers that were killed. The caller has to end and forget them: no other call, in any process, returns them as
     * long as this process lives.
     *
     * @param folder where they kept their {@link LauncherFile}
     */
    public CompletionStage<List<OrphanedLauncher>> orphaned(Path folder) {
        return observe(() -> {
            try {
                return LauncherFile.ofTheDead(folder).stream()
                        .map(file -> new OrphanedLauncher(file, processes, observer))
                        .toList();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private <T> CompletionStage<T> observe(Supplier<T> question) {
        return CompletableFuture.supplyAsync(question, observer);
    }

    /** Stops observing: children that still run go on, or end by themselves where {@code setpriv} is there. */
    @Override
    public void close() {
        starter.shutdown();
        observer.shutdown();
    }
}
