package dev.pointsman.cli.launcher;

import dev.pointsman.launcher.control.ControlException;
import dev.pointsman.launcher.control.Launchers;
import dev.pointsman.launcher.control.PrivateFolder;
import dev.pointsman.launcher.plan.Surroundings;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What all commands hang on. */
@Command(
        name = "pointsman",
        description =
                "Runs instances of any program, keeps them alive and registered, and replaces them without a gap.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        subcommands = {
            RunCommand.class,
            ListCommand.class,
            LogsCommand.class,
            ScaleCommand.class,
            ReloadCommand.class,
            StopCommand.class,
            StartCommand.class,
            DeleteCommand.class,
            RegisterCommand.class,
            SystemdCommand.class
        })
final class PointsmanCommand implements Runnable {
    /** A launcher answers at once or hangs. */
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    private final Map<String, String> environment;
    private final LauncherStart launcherStart;
    private final PrintWriter instanceLines;

    /**
     * What all commands are given.
     *
     * @param environment the process's own
     * @param instanceLines the terminal, for what instances print. Not the writer that commands print to: a terminal that
     *     stands still (Ctrl-S) holds it locked, and a launcher must be able to end all the same
     */
    PointsmanCommand(Map<String, String> environment, LauncherStart launcherStart, PrintWriter instanceLines) {
        this.instanceLines = instanceLines;
        this.environment = Map.copyOf(environment);
        this.launcherStart = launcherStart;
    }

    /** The one that a subcommand hangs on. */
    static PointsmanCommand above(CommandSpec command) {
        return (PointsmanCommand) command.root().userObject();
    }

    Map<String, String> environment() {
        return environment;
    }

    LauncherStart launcherStart() {
        return launcherStart;
    }

    PrintWriter instanceLines() {
        return instanceLines;
    }

    Surroundings surroundings() {
        return new Surroundings(Runtime.getRuntime().availableProcessors(), Path.of(""), environment);
    }

    /** The folder of the sockets. */
    LauncherProcess.Place place() throws ControlException {
        long uid = PrivateFolder.ownUid();
        return new LauncherProcess.Place(PrivateFolder.of(environment, uid), uid);
    }

    /** All launchers of the user. */
    Launchers launchers() throws ControlException {
        return new Launchers(place().folder(), place().uid(), PATIENCE);
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing");
    }
}
