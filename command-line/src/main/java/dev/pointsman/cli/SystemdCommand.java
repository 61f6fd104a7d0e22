package dev.pointsman.cli;

import dev.pointsman.launcher.plan.LaunchEnvironment;
import dev.pointsman.launcher.plan.Plans;
import dev.pointsman.launcher.plan.ServicePlan;
import dev.pointsman.settings.LogicalPaths;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code pointsman systemd}: prints a unit for what {@code run} would run. */
@Command(
        name = "systemd",
        description = "Prints a systemd unit that starts at boot what 'run' with the same options starts.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        usageHelpAutoWidth = true,
        footer = {
            "",
            "For the system:  pointsman systemd -f services.yaml | sudo tee /etc/systemd/system/my-services.service",
            "For one user:    pointsman systemd --user -f services.yaml > ~/.config/systemd/user/my-services.service"
        })
final class SystemdCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private PlanFlags flags;

    @Mixin
    @SuppressWarnings({"NullAway.Init", "UnusedVariable"}) // set by picocli; its words are passed on as they are
    private LogFlags logs;

    @Option(names = "--user", description = "for the user's own systemd, not the system's")
    private boolean user;

    @Override
    public Integer call() throws Exception {
        LaunchEnvironment environment = PointsmanCommand.above(spec).launchEnvironment();
        Plans plans =
                flags.read(spec.commandLine().getParseResult(), environment).plans();
        SystemdUnit unit = new SystemdUnit(
                plans.services().stream().map(ServicePlan::type).collect(Collectors.joining(", ")),
                environment.variables().getOrDefault("PATH", "/usr/local/bin:/usr/bin:/bin"),
                environment.folder(),
                OwnProgram.command(),
                run(environment.folder()),
                plans.services().stream().map(ServicePlan::options).toList(),
                user);
        unit.lines().forEach(spec.commandLine().getOut()::println);
        return 0;
    }

    /**
     * The command line of {@code run}: the same words as were given here, but for the command's name, {@code --user}
     * and the file's path.
     */
    private List<String> run(Path folder) {
        List<String> given = spec.commandLine().getParent().getParseResult().originalArgs();
        int words = given.indexOf("--");
        List<String> run = new ArrayList<>(List.of("run"));
        for (int i = 1; i < given.size(); i++) {
            String word = given.get(i);
            boolean ours = words < 0 || i < words;
            if (!ours) {
                run.add(word);
            } else if (!word.equals("--user")) {
                run.add(absolute(word, folder));
            }
        }
        return run;
    }

    /** The argument with its file made absolute: {@code FILE}, {@code -fFILE} or {@code --file=FILE}. */
    private String absolute(String word, Path folder) {
        String file = flags.file == null ? "" : flags.file.toString();
        boolean named = word.equals(file) || word.matches("(-f|--file)=?" + Pattern.quote(file));
        return file.isEmpty() || !named
                ? word
                : word.substring(0, word.length() - file.length()) + LogicalPaths.resolve(folder, Path.of(file));
    }
}
