package dev.pointsman.cli.takeover;

import dev.pointsman.balancer.admin.SuccessorAccess;
import dev.pointsman.balancer.admin.WriteRefusedException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.File;
import java.io.IOException;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The start of the process that is to take the place of this one, by the command that started this one. Thread-safe. */
public final class Successor implements SuccessorAccess {
    private static final Logger log = LoggerFactory.getLogger(Successor.class);

    /** Has the process from which is to be taken over; where it is set, there is no other purpose in starting. */
    public static final String FROM_VARIABLE = "POINTSMAN_TAKES_OVER_FROM";

    private static final File NOTHING = new File("/dev/null");

    private final List<String> command;
    private final Supplier<TakeoverServer> server;
    private @Nullable Process started;

    /**
     * A successor that is not started.
     *
     * @param command starts it, with the flag that makes it take over
     * @param server has it take over; fails with {@link IllegalStateException} and a sentence where that is impossible
     */
    public Successor(List<String> command, Supplier<TakeoverServer> server) {
        this.command = List.copyOf(command);
        this.server = server;
    }

    @Override
    public synchronized Future<String> start() {
        if (ProcessHandle.current().pid() == 1) {
            return Future.failedFuture(new WriteRefusedException(
                    409,
                    "this is process 1 of a container, which ends with it (expected: a new container beside it, or"
                            + " pointsman balancer --takeover in this one's place)"));
        }
        Promise<String> outcome = Promise.promise();
        try {
            TakeoverServer taken = server.get();
            Process running = started;
            if (running != null && running.isAlive()) {
                throw new IllegalStateException("process " + running.pid() + " is taking over already");
            }
            // Not its arguments, among which secrets may be.
            log.info("starts the process that is to take over, by {}", command.get(0));
            taken.forgetFailure();
            Process process = begin();
            started = process;
            // It may be another one, which somebody has started by hand meanwhile.
            taken.whenLeft(by -> outcome.tryComplete("process " + by + " has taken over"));
            var unused = process.onExit()
                    .thenAccept(ended -> outcome.tryFail(new WriteRefusedException(
                            502,
                            "process " + ended.pid() + " did not take over, and ended with " + ended.exitValue()
                                    + (taken.lastFailure().isEmpty()
                                            ? "; the log of this balancer has what it said"
                                            : ": " + taken.lastFailure()))));
        } catch (IllegalStateException impossible) {
            outcome.tryFail(new WriteRefusedException(409, String.valueOf(impossible.getMessage())));
        } catch (IOException failed) {
            outcome.tryFail(new WriteRefusedException(502, "it cannot be started: " + failed.getMessage()));
        }
        return outcome.future();
    }

    private Process begin() throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectInput(NOTHING)
                .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment()
                .put(FROM_VARIABLE, Long.toString(ProcessHandle.current().pid()));
        return builder.start();
    }
}
