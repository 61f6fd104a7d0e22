package dev.pointsman.cli.demo;

import dev.pointsman.cli.run.CommandFailure;
import dev.pointsman.launcher.process.ChildProcess;
import dev.pointsman.launcher.process.Program;
import dev.pointsman.launcher.process.Programs;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The registry or the balancer of a demo, started as the launcher starts instances: a terminal's Ctrl-C does not reach it past
 * the demo, which has to stop everything in order, and it ends with a demo that is killed.
 */
final class DemoProgram {
    private static final Logger log = LoggerFactory.getLogger(DemoProgram.class);
    /** The time between SIGKILL and the end, which only the kernel can delay. */
    private static final Duration AFTER_KILL = Duration.ofMillis(500);

    private final String name;
    private final ChildProcess process;
    private final CompletableFuture<Integer> ended;

    private DemoProgram(String name, ChildProcess process) {
        this.name = name;
        this.process = process;
        this.ended = process.exit().toCompletableFuture();
    }

    /** Starts the program; whether it works is for the caller to find out. */
    static DemoProgram start(Programs programs, Program program) throws CommandFailure, InterruptedException {
        try {
            return new DemoProgram(
                    program.id(), programs.start(program).toCompletableFuture().get());
        } catch (ExecutionException failed) {
            throw new CommandFailure("the " + program.id() + " cannot be started: " + failed.getCause());
        }
    }

    String name() {
        return name;
    }

    /** Completes with the program's exit code. */
    CompletableFuture<Integer> ended() {
        return ended;
    }

    /** Ends the program by SIGTERM, and after a time by SIGKILL; returns when it has ended. */
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
