package dev.pointsman.cli;

import dev.pointsman.cli.run.LauncherPlan;
import dev.pointsman.cli.run.LauncherProcess;
import dev.pointsman.launcher.log.LogSettings;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code pointsman run}: a launcher, in the foreground unless {@code --detach} is given. */
@Command(
        name = "run",
        description = "Runs instances of any program: keeps them alive and registered, replaces them without a gap.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        usageHelpAutoWidth = true,
        customSynopsis = {
            "pointsman run --type T [--instances N|max] [OPTIONS] -- COMMAND [ARGUMENT]...",
            "       pointsman run -f services.yaml|Procfile [OPTIONS]"
        },
        footer = {
            "",
            "Each instance is given a free port, in the environment as PORT and wherever an argument has {port}. There",
            "is no shell in between. Times are written 500ms, 2s, 5m; sizes 64k, 512m, 2g.",
            "SIGTERM or Ctrl-C stops all instances in order; SIGUSR2 reloads them.",
            "Every option and the file: docs/run.md"
        })
final class RunCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private PlanFlags flags;

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private LogFlags logs;

    @Option(names = "--detach", description = "go on in the background; returns when all instances are up")
    private boolean detach;

    @Option(names = BackgroundLauncher.IN_BACKGROUND, hidden = true)
    private boolean inBackground;

    @Override
    public Integer call() throws Exception {
        PointsmanCommand above = PointsmanCommand.above(spec);
        PlanFlags.PlansToRun read = flags.read(spec.commandLine().getParseResult(), above.launchEnvironment());
        if (!inBackground) {
            SecretHints.ofFiles(read.plans())
                    .forEach(hint -> spec.commandLine().getErr().println("pointsman run: " + hint));
            spec.commandLine().getErr().flush();
        }
        LogSettings settings = logs.settings(above.environment());
        if (detach) {
            if (settings == null) {
                throw new ParameterException(
                        spec.commandLine(), "--detach needs the log files that --no-log-files is to leave out");
            }
            new BackgroundLauncher(spec.commandLine(), above.launchers()).start(read.plans(), settings.folder());
            return 0;
        }
        LauncherPlan plan = new LauncherPlan(read.plans().services(), read.consul(), read.advertise());
        new LauncherProcess(
                        above.launcherStart(),
                        above.runtimeFolder(),
                        above.environment(),
                        above.instanceLines(),
                        spec.commandLine().getOut())
                .run(plan, settings, inBackground);
        return 0;
    }
}
