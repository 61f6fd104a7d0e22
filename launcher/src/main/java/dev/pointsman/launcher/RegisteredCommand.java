package dev.pointsman.launcher;

import dev.pointsman.agent.AgentException;
import dev.pointsman.launcher.plan.InstanceOptions;
import dev.pointsman.launcher.plan.ServicePlan;
import dev.pointsman.launcher.process.ChildProcess;
import dev.pointsman.launcher.process.PortSource;
import dev.pointsman.launcher.run.InstanceCounters;
import dev.pointsman.launcher.run.InstanceFailure;
import dev.pointsman.launcher.run.LauncherContext;
import dev.pointsman.launcher.run.ManagedInstance;
import dev.pointsman.registry.consul.ConsulAddress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A program that is started once and registered while it responds, for surroundings that launch and restart it themselves
 * (Kubernetes, swarm, systemd). It runs on a given port, with this process's own input and outputs. It is registered when it
 * responds, kept registered, and deregistered within milliseconds of its end; when it is to stop, it is deregistered first,
 * drained as {@link Launcher#stop()} does it, and then gets SIGTERM. It is never restarted. It has a session of its own where
 * {@code setsid} is installed, so it cannot read from a terminal; from a pipe or a file it can. Thread-safe.
 */
public final class RegisteredCommand implements AutoCloseable {
    /** The exit code of a program that could not be started at all, as shells have it. */
    public static final int CANNOT_START = 127;

    private static final Logger LOG = LoggerFactory.getLogger(RegisteredCommand.class);

    private final LauncherAssembly assembly;
    private final LauncherContext context;
    private final String type;
    private final ManagedInstance instance;
    private final CompletableFuture<Integer> ended = new CompletableFuture<>();
    private boolean stopped;

    /**
     * A program that is not started before {@link #start()}.
     *
     * @param plan what to run; {@code instances}, {@code watch} and the options on restarts and batches do not count. A program that
     *     does not respond within {@link InstanceOptions#startTimeout()}, or fails {@link InstanceOptions#unhealthyAfter()} checks in a row, is
     *     ended
     * @param port the port that it listens on, passed to it as {@code PORT} and for {@code {port}}
     * @param consul the registry
     * @param advertise as for {@link Launcher#Launcher}
     * @param runtime as for {@link Launcher#Launcher}
     * @throws IOException when the folder cannot be written to
     * @throws AgentException when this machine has no address to advertise
     */
    public RegisteredCommand(ServicePlan plan, int port, ConsulAddress consul, @Nullable String advertise, Path runtime)
            throws IOException {
        assembly = new LauncherAssembly(consul, advertise, null, PortSource.fixed(port), runtime);
        context = assembly.context();
        type = plan.type();
        instance = new ManagedInstance(plan, 0, context, new InstanceCounters(), new ExitObserver());
    }

    /** Starts the program. To be called once. */
    public void start() {
        context.loop().execute(() -> {
            context.view().follow(type);
            instance.start();
        });
    }

    /** Begins to end the program in good order; see {@link #ended()}. May be called again. */
    public void stop() {
        context.loop().execute(() -> {
            stopped = true;
            CompletionStage<Void> over = instance.stopGracefully("it is stopped");
            LOG.debug("Stopping {}: {}", instance.id(), over);
        });
    }

    /**
     * Completes when no process of it is left, with its exit code (128 and the signal's number if a signal ended it), or
     * {@value #CANNOT_START}, or 0 if it was stopped before it began.
     */
    public CompletionStage<Integer> ended() {
        return ended.minimalCompletionStage();
    }

    /** Does {@link #stop()}, and waits for its end. Not for a thread that must not block. */
    @Override
    public void close() {
        stop();
        ended.join();
    }

    private void close(int exitCode) {
        try {
            assembly.close();
        } finally {
            ended.complete(exitCode);
        }
    }

    private final class ExitObserver implements ManagedInstance.InstanceOwner {
        @Override
        public void up(ManagedInstance up) {
            LOG.debug("{} is up", up.id());
        }

        @Override
        public void failed(ManagedInstance failed, InstanceFailure failure) {
            LOG.warn("{} {}.", failed.id(), failure.reason());
        }

        @Override
        public void ended(ManagedInstance gone) {
            ChildProcess child = gone.child();
            if (child == null) {
                end(stopped ? 0 : CANNOT_START);
            } else {
                context.loop().then(child.exit(), RegisteredCommand.this::end);
            }
        }
    }

    private void end(int exitCode) {
        // On a thread of its own: closing waits, and ends the loop that this runs on. No daemon, so that the JVM waits.
        new Thread(() -> close(exitCode), "registered-command-close").start();
    }
}
