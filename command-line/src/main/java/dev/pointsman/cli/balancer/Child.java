package dev.pointsman.cli.balancer;

import dev.pointsman.balancer.StartException;
import dev.pointsman.launcher.api.Output;
import dev.pointsman.launcher.process.Program;
import dev.pointsman.launcher.process.Programs;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A process of this project that a demo starts itself, as the launcher starts instances: a terminal's Ctrl-C does not reach
 * it past the demo, which has to stop everything in order, and it ends with a demo that is killed.
 */
final class Child {
    private static final Logger log = LoggerFactory.getLogger(Child.class);
    /** Between SIGKILL and the end: the kernel's affair. */
    private static final Duration AFTER_KILL = Duration.ofMillis(500);

    private final String name;
    private final dev.pointsman.launcher.process.ChildProcess process;
    private final CompletableFuture<Integer> exit;

    private Child(String name, dev.pointsman.launcher.process.ChildProcess process) {
        this.name = name;
        this.process = process;
        this.exit = process.exit().toCompletableFuture();
    }

    /**
     * Starts it; that it works is for the caller to find out.
     *
     * @param port the one that it is told to listen on
     */
    static Child start(Programs programs, String name, List<String> command, int port, Output output)
            throws StartException, InterruptedException {
        Program program = new Program(
                name, command, port, JavaCommand.environment(), null, line -> output.line(name, name, line));
        try {
            return new Child(name, programs.start(program).toCompletableFuture().get());
        } catch (ExecutionException failed) {
            throw new StartException("the " + name + " cannot be started: " + String.valueOf(failed.getCause()));
        }
    }

    String name() {
        return name;
    }

    boolean isAlive() {
        return !exit.isDone();
    }

    int exitCode() {
        return exit.join();
    }

    /** Completes with its exit code when it has ended. */
    CompletableFuture<Integer> exit() {
        return exit;
    }

    /** SIGTERM, and after the patience SIGKILL; returns when it is gone. */
    void end(Duration patience) throws InterruptedException {
        try {
            process.end(patience)
                    .toCompletableFuture()
                    .get(patience.plus(AFTER_KILL).toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException failed) {
            log.warn("the {} did not end in order: {}", name, failed.toString());
        }
    }
}
