package dev.pointsman.cli;

import dev.pointsman.agent.AgentException;
import dev.pointsman.cli.run.CommandFailure;
import dev.pointsman.cli.run.RuntimeFolder;
import dev.pointsman.launcher.RegisteredCommand;
import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code pointsman register}: one program, where a platform is the launcher and only registration is ours. */
@Command(
        name = "register",
        description = "Runs one program and registers it for as long as it responds; for containers, where the platform"
                + " starts, restarts and counts. Ends when it ends, with its exit code.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        usageHelpAutoWidth = true,
        customSynopsis = "pointsman register --type T [--port N] [OPTIONS] -- COMMAND [ARGUMENT]...",
        footer = {
            "",
            "SIGTERM takes it out of the registry, lets balancers finish what is in flight, and ends it with SIGTERM;",
            "give the platform more patience than --drain-timeout and --stop-timeout together."
        })
final class RegisterCommand implements Callable<Integer> {
    private static final Logger log = LoggerFactory.getLogger(RegisterCommand.class);

    /** The exit code after SIGTERM, 128 and the signal's number: the end that was asked for. */
    private static final int TERMINATED = 143;

    private static final long SLACK_SECONDS = 15;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private RegisterFlags flags;

    @Override
    public Integer call() throws Exception {
        PointsmanCommand above = PointsmanCommand.above(spec);
        RegisterFlags.ProgramToRegister read =
                flags.read(spec.commandLine().getParseResult(), above.launchEnvironment());
        RuntimeFolder folder = above.runtimeFolder();
        folder.open();
        RegisteredCommand command;
        try {
            command = new RegisteredCommand(read.plan(), read.port(), read.consul(), read.advertise(), folder.path());
        } catch (IOException | AgentException | IllegalArgumentException unusable) {
            throw new CommandFailure("this cannot be registered: " + unusable.getMessage());
        }
        long patience = SLACK_SECONDS
                + read.plan().options().drainTimeout().toSeconds()
                + read.plan().options().stopTimeout().toSeconds();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stopAtSignal(command, patience), "stop"));
        command.start();
        return command.ended().toCompletableFuture().get();
    }

    /**
     * Stops the program at a signal. Runs at every end of the JVM; has nothing to do when the program's own end was the
     * reason.
     */
    private static void stopAtSignal(RegisteredCommand command, long patienceSeconds) {
        if (command.ended().toCompletableFuture().isDone()) {
            return;
        }
        int exitCode = CliErrors.FAILED;
        try {
            command.stop();
            exitCode = command.ended().toCompletableFuture().get(patienceSeconds, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException failed) {
            log.error("the program was not ended in order: {}", failed.toString());
        }
        Runtime.getRuntime().halt(exitCode == TERMINATED ? 0 : exitCode);
    }
}
