package dev.pointsman.cli;

import dev.pointsman.launcher.plan.LaunchEnvironment;
import dev.pointsman.launcher.plan.PlanException;
import dev.pointsman.launcher.plan.Plans;
import dev.pointsman.launcher.plan.ServiceSettings;
import dev.pointsman.registry.consul.ConsulAddress;
import dev.pointsman.settings.Setting;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParseResult;

/**
 * The flags and arguments that say what is to run, of {@code run} and {@code systemd}. Values stay text here: {@link
 * Plans} judges them all at once.
 */
final class PlanFlags {
    @Option(
            names = "--type",
            paramLabel = "T",
            description = "the name in the registry; with -f, only this type of the file (may be repeated)")
    private List<String> types = new ArrayList<>();

    @Option(
            names = {"-f", "--file"},
            paramLabel = "FILE",
            description = "a services.yaml or a Procfile, for several types; flags overrule it")
    @Nullable
    Path file;

    @Parameters(paramLabel = "COMMAND", arity = "0..*", description = "the program and its arguments, after --")
    private List<String> command = new ArrayList<>();

    /** Everything to run, and in which registry. */
    record PlansToRun(
            Plans plans, ConsulAddress consul, @Nullable String advertise) {}

    /** @throws PlanException with every problem there is, those of the registry's address among them */
    PlansToRun read(ParseResult parsed, LaunchEnvironment environment) throws PlanException {
        List<String> problems = new ArrayList<>();
        Plans plans = null;
        try {
            plans = plans(SettingFlags.given(parsed, ServiceSettings.OF_TYPE), environment, problems);
        } catch (PlanException bad) {
            problems.addAll(bad.problems());
        }
        String inFile = plans == null ? null : plans.consul();
        String addressInFile = plans == null ? null : plans.advertise();
        RegistryFlags where = RegistryFlags.read(parsed, inFile, addressInFile, environment.variables(), problems);
        if (plans == null || where == null || !problems.isEmpty()) {
            throw new PlanException(problems);
        }
        return new PlansToRun(plans, where.consul(), where.advertise());
    }

    private Plans plans(List<Setting> given, LaunchEnvironment environment, List<String> problems)
            throws PlanException {
        if (file != null) {
            if (!command.isEmpty()) {
                problems.add("\"" + String.join(" ", command) + "\": a command beside -f (expected: one of the two)");
            }
            return Plans.ofFile(file, types, given, environment);
        }
        if (types.size() > 1) {
            problems.add("--type: \"" + String.join("\" and \"", types) + "\" (expected: one; several need -f FILE)");
        }
        List<Setting> settings = new ArrayList<>(given);
        command.forEach(word -> settings.add(new Setting("command", word, "command")));
        return Plans.ofFlags(types.isEmpty() ? null : types.get(0), settings, environment);
    }
}
