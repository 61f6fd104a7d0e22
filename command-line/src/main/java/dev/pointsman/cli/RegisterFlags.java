package dev.pointsman.cli;

import dev.pointsman.launcher.plan.LaunchEnvironment;
import dev.pointsman.launcher.plan.PlanException;
import dev.pointsman.launcher.plan.Plans;
import dev.pointsman.launcher.plan.ServicePlan;
import dev.pointsman.launcher.plan.ServiceSettings;
import dev.pointsman.registry.consul.ConsulAddress;
import dev.pointsman.settings.Setting;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParseResult;

/**
 * The flags and arguments that say what is to be registered, of {@code register}. Values stay text here, as in {@link
 * PlanFlags}.
 */
final class RegisterFlags {
    @Option(names = "--type", paramLabel = "T", description = "the name in the registry")
    private @Nullable String type;

    @Option(
            names = "--port",
            paramLabel = "N",
            description = "where the program listens; passed to it in the environment as PORT and for {port} (PORT)")
    private @Nullable String port;

    @Parameters(paramLabel = "COMMAND", arity = "0..*", description = "the program and its arguments, after --")
    private List<String> command = new ArrayList<>();

    /** The program to run, the address that it listens on, and the registry. */
    record ProgramToRegister(
            ServicePlan plan,
            int port,
            ConsulAddress consul,
            @Nullable String advertise) {}

    /** @throws PlanException with every problem there is */
    ProgramToRegister read(ParseResult parsed, LaunchEnvironment environment) throws PlanException {
        List<String> problems = new ArrayList<>();
        int number = port(environment, problems);
        ServicePlan plan = null;
        try {
            plan = Plans.ofFlags(type, settings(parsed), environment).services().get(0);
        } catch (PlanException bad) {
            problems.addAll(bad.problems());
        }
        RegistryFlags where = RegistryFlags.read(parsed, null, null, environment.variables(), problems);
        if (plan == null || where == null || !problems.isEmpty()) {
            throw new PlanException(problems);
        }
        return new ProgramToRegister(plan, number, where.consul(), where.advertise());
    }

    private int port(LaunchEnvironment environment, List<String> problems) {
        String source = port == null ? "PORT" : "--port";
        String given = port == null ? environment.variables().getOrDefault("PORT", "") : port;
        if (given.isEmpty()) {
            problems.add("--port: missing, and so is the variable PORT (expected: where the program listens)");
            return 0;
        }
        if (given.matches("\\d{1,5}") && Integer.parseInt(given) >= 1 && Integer.parseInt(given) <= 65535) {
            return Integer.parseInt(given);
        }
        problems.add(source + ": \"" + given + "\" (expected: a whole number from 1 to 65535)");
        return 0;
    }

    private List<Setting> settings(ParseResult parsed) {
        List<Setting> settings = new ArrayList<>(SettingFlags.given(parsed, ServiceSettings.OF_REGISTER));
        command.forEach(word -> settings.add(new Setting("command", word, "command")));
        return settings;
    }
}
