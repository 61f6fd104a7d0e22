package dev.pointsman.cli;

import dev.pointsman.cli.run.CommandFailure;
import dev.pointsman.launcher.plan.LaunchEnvironment;
import dev.pointsman.launcher.plan.Plans;
import dev.pointsman.launcher.plan.ServicePlan;
import dev.pointsman.settings.LogicalPaths;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
        List<String> run = run(environment.folder());
        UnitPath path = UnitPath.of(plans.services(), environment.variables().getOrDefault("PATH", ""));
        SystemdUnit unit = new SystemdUnit(
                plans.services().stream().map(ServicePlan::type).collect(Collectors.joining(", ")),
                path.value(),
                environment.folder(),
                program(environment.variables(), path),
                run,
                plans.services().stream().map(ServicePlan::options).toList(),
                user);
        unit.lines().forEach(spec.commandLine().getOut()::println);
        List<String> hints = new ArrayList<>(SecretHints.ofFiles(plans));
        hints.addAll(SecretHints.ofCommandLine(run));
        hints.addAll(ofProgram(path));
        hints.forEach(hint -> spec.commandLine().getErr().println("pointsman systemd: " + hint));
        spec.commandLine().getErr().flush();
        return 0;
    }

    /**
     * The start script, where it is installed and will find this very Java: then the unit outlives upgrades. Else Java, its options
     * and the jar, by whole paths.
     */
    private static List<String> program(Map<String, String> variables, UnitPath path) throws CommandFailure {
        String script = variables.getOrDefault("POINTSMAN_SCRIPT", "");
        boolean isChosen = !variables.getOrDefault("JAVA_HOME", "").isEmpty();
        boolean isFound = path.finds(Path.of(System.getProperty("java.home"), "bin", "java"));
        return script.isEmpty() || isChosen || !isFound || OwnProgram.buildOutput() != null
                ? OwnProgram.command()
                : List.of(script);
    }

    /** What may keep the unit from working after the next boot. */
    private static List<String> ofProgram(UnitPath path) throws CommandFailure {
        List<String> hints = new ArrayList<>();
        if (!path.leftOut().isEmpty()) {
            hints.add("the unit's PATH has what these commands name; left out of yours: "
                    + String.join(":", path.leftOut())
                    + " (where a program of them is needed too, add its folder to the line Environment=)");
        }
        Path built = OwnProgram.buildOutput();
        if (built != null) {
            hints.add("the unit starts " + built + ", which the next build replaces and a clean deletes"
                    + " (copy it to where it is to stay, such as /usr/local/lib/pointsman/pointsman.jar, and run"
                    + " java -jar with that and the same arguments)");
        }
        return hints;
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
