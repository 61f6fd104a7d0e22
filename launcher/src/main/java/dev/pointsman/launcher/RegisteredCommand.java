package dev.pointsman.launcher;

import dev.pointsman.agent.AgentException;
import dev.pointsman.launcher.process.Child;
import dev.pointsman.launcher.process.PortSource;
import dev.pointsman.registry.consul.ConsulAddress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One program that is registered for as long as it answers, where something else is the launcher (Kubernetes, swarm, systemd):
 * started once, on a port that is given, with this process's own input and outputs. It is registered when it answers, kept
 * registered, deregistered within milliseconds of its end; when it is to stop, it is deregistered first, drained as
 * {@link Launcher#stop()} does it, and then gets SIGTERM. Not started again. It has a session of its own where {@code setsid}
 * is there, so it cannot read from a terminal; from a pipe or a file it can. Thread-safe.
 */
public final class RegisteredCommand implements AutoCloseable {
    /** The exit code of a program that could not be started at all, as shells have it. */
    public static final int CANNOT_START = 127;

    private static final Logger LOG = LoggerFactory.getLogger(RegisteredCommand.class);

    private final Machinery machinery;
    private final Tools tools;
    private final Run run;
    private final CompletableFuture<Integer> ended = new CompletableFuture<>();
    private boolean stopped;

    /**
     * Nothing runs before {@link #start()}.
     *
     * @param plan what to run; {@code instances}, {@code watch} and the rules on restarts and batches do not count. One that
     *     does not answer within {@link Rules#startTimeout()}, or fails {@link Rules#unhealthyAfter()} checks in a row, is
     *     ended
     * @param port the port that it listens on, told to it as {@code PORT} and for {@code {port}}
     * @param consul the registry
     * @param advertise as for {@link Launcher#Launcher}
     * @param runtime as for {@link Launcher#Launcher}
     * @throws IOException when the folder cannot be written to
     * @throws AgentException when this machine has no address to advertise
     */
    public RegisteredCommand(ServicePlan plan, int port, ConsulAddress consul, @Nullable String advertise, Path runtime)
            throws IOException {
        machinery = new Machinery(consul, advertise, null, PortSource.fixed(port), runtime);
        tools = machinery.tools();
        run = new Run(plan, tools, new Tally(), new Watcher());
    }

    /** Starts it. To be called once. */
    public void start() {
        tools.loop().execute(() -> {
            tools.view().follow(run.plan().type());
            run.start();
        });
    }

    /** Ends it in good order, and waits for nothing; see {@link #ended()}. May be called again. */
    public void stop() {
        tools.loop().execute(() -> {
            stopped = true;
            CompletionStage<Void> over = run.depart("it is stopped", new Departure(false, nobody -> {}));
            LOG.debug("Stopping {}: {}", run.id(), over);
        });
    }

    /**
     * Completes when nothing is left of it, with its exit code (128 and the signal's number if a signal ended it), or
     * {@value #CANNOT_START}, or 0 if it was stopped before it began.
     */
    public CompletionStage<Integer> ended() {
        return ended.minimalCompletionStage();
    }

    /** {@link #stop()}, waited for. Not for a thread that must not block. */
    @Override
    public void close() {
        stop();
        ended.join();
    }

    private void close(int exitCode) {
        try {
            machinery.close();
        } finally {
            ended.complete(exitCode);
        }
    }

    private final class Watcher implements Run.Owner {
        @Override
        public void up(Run up) {
            LOG.debug("{} is up", up.id());
        }

        @Override
        public void down(Run down, Down why) {
            LOG.warn("{} {}.", down.id(), why.reason());
        }

        @Override
        public void over(Run gone) {
            Child child = gone.child();
            if (child == null) {
                end(stopped ? 0 : CANNOT_START);
            } else {
                tools.loop().then(child.exit(), RegisteredCommand.this::end);
            }
        }
    }

    private void end(int exitCode) {
        // On a thread of its own: closing waits, and ends the loop that this runs on. Not a daemon: it comes to its
        // end.
        new Thread(() -> close(exitCode), "registered-command-close").start();
    }
}
