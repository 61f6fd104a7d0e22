package dev.pointsman.cli;

import dev.pointsman.cli.run.LauncherStart;
import dev.pointsman.cli.run.RuntimeFolder;
import dev.pointsman.launcher.control.ControlException;
import dev.pointsman.launcher.control.Launchers;
import dev.pointsman.launcher.plan.LaunchEnvironment;
import dev.pointsman.launcher.plan.ServiceSettings;
import dev.pointsman.sample.SampleService;
import dev.pointsman.settings.LogicalPaths;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code pointsman} itself: the root of the tree of commands, and what all of them are given. */
@Command(
        name = "pointsman",
        description = "A service-registry driven, dynamic HTTP load balancer, and a launcher for what it balances.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        footer = {"", "'pointsman COMMAND --help' shows the options of each."})
final class PointsmanCommand implements Runnable {
    /** The flags of the root command itself. */
    static final Set<String> OWN_FLAGS = Set.of("--help", "-h", "--version", "-V");

    /** The longest wait for a launcher's reply: it replies at once or hangs. */
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    private final Map<String, String> environment;
    private final LauncherStart launcherStart;
    private final PrintWriter instanceLines;

    /**
     * The root command, with what all commands are given.
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

    private Map<String, Supplier<Object>> commands() {
        Map<String, Supplier<Object>> commands = new LinkedHashMap<>();
        commands.put("demo", DemoCommand::new);
        commands.put("balancer", BalancerCommand::line);
        commands.put("check", CheckCommand::line);
        commands.put("doctor", DoctorCommand::new);
        commands.put("service", () -> new CommandLine(new SampleService(environment)).setCommandName("service"));
        commands.put("registry", RegistryCommand::new);
        commands.put("plan", PlanCommand::new);
        commands.put("explain", ExplainCommand::new);
        commands.put(
                "run", () -> SettingFlags.on(new RunCommand(), ServiceSettings.OF_TYPE, ServiceSettings.OF_LAUNCHER));
        commands.put("status", StatusCommand::new);
        commands.put("changes", ChangesCommand::new);
        commands.put("top", TopCommand::new);
        commands.put("routes", RoutesCommand::new);
        commands.put("history", HistoryCommand::new);
        commands.put("rollback", RollbackCommand::new);
        commands.put("upgrade", UpgradeCommand::new);
        commands.put("healthcheck", HealthcheckCommand::new);
        commands.put("list", ListCommand::new);
        commands.put("logs", LogsCommand::new);
        commands.put("scale", ScaleCommand::new);
        commands.put("reload", ReloadCommand::new);
        commands.put("restart", RestartCommand::new);
        commands.put("stop", StopCommand::new);
        commands.put("start", StartCommand::new);
        commands.put("delete", DeleteCommand::new);
        commands.put("describe", DescribeCommand::new);
        commands.put("env", EnvCommand::new);
        commands.put("pid", PidCommand::new);
        commands.put("monit", MonitCommand::new);
        commands.put("flush", FlushCommand::new);
        commands.put("reset", ResetCommand::new);
        commands.put("signal", SignalCommand::new);
        commands.put("save", SaveCommand::new);
        commands.put("resurrect", ResurrectCommand::new);
        commands.put("startup", StartupCommand::new);
        commands.put("unstartup", UnstartupCommand::new);
        commands.put("import", ImportCommand::new);
        commands.put(
                "register",
                () -> SettingFlags.on(new RegisterCommand(), ServiceSettings.OF_REGISTER, ServiceSettings.OF_LAUNCHER));
        commands.put(
                "systemd",
                () -> SettingFlags.on(new SystemdCommand(), ServiceSettings.OF_TYPE, ServiceSettings.OF_LAUNCHER));
        return commands;
    }

    /** Adds the named command to the root, or all of them where none has that name. */
    void addTo(CommandLine root, String name) {
        Map<String, Supplier<Object>> commands = commands();
        Supplier<Object> only = commands.get(name);
        if (only != null) {
            root.addSubcommand(name, only.get());
        } else {
            commands.forEach((each, made) -> root.addSubcommand(each, made.get()));
        }
    }

    /** The root command above a subcommand. */
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

    LaunchEnvironment launchEnvironment() {
        return new LaunchEnvironment(
                Runtime.getRuntime().availableProcessors(), LogicalPaths.workingFolder(environment), environment);
    }

    /** The folder of the sockets. */
    RuntimeFolder runtimeFolder() throws ControlException {
        return RuntimeFolder.of(environment);
    }

    /** All launchers of the user. */
    Launchers launchers() throws ControlException {
        RuntimeFolder folder = runtimeFolder();
        return new Launchers(folder.path(), folder.uid(), PATIENCE);
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing");
    }
}
