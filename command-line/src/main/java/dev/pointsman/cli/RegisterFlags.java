package dev.pointsman.cli;

import dev.pointsman.launcher.ServicePlan;
import dev.pointsman.launcher.plan.PlanException;
import dev.pointsman.launcher.plan.Plans;
import dev.pointsman.launcher.plan.Surroundings;
import dev.pointsman.registry.consul.ConsulAddress;
import dev.pointsman.settings.Setting;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What is to be registered. Values stay text here, as in {@link PlanFlags}. */
final class RegisterFlags {
    @Option(names = "--type", paramLabel = "T", description = "the name in the registry")
    private @Nullable String type;

    @Option(
            names = "--port",
            paramLabel = "N",
            description = "where the program listens; it is told in the environment as PORT and for {port} (PORT)")
    private @Nullable String port;

    @Mixin
    private final RegistryFlags registry = new RegistryFlags();

    @Option(names = "--start-timeout", paramLabel = "TIME", description = "for it to be well; then it is ended (30s)")
    private @Nullable String startTimeout;

    @Option(names = "--stop-timeout", paramLabel = "TIME", description = "between SIGTERM and SIGKILL (10s)")
    private @Nullable String stopTimeout;

    @Option(names = "--unhealthy-after", paramLabel = "N", description = "failed checks in a row until it is ended (5)")
    private @Nullable String unhealthyAfter;

    @Option(
            names = "--drain-timeout",
            paramLabel = "TIME",
            description = "for balancers to have nothing in flight on it when it stops (30s)")
    private @Nullable String drainTimeout;

    @Option(
            names = "--drain-pause",
            paramLabel = "TIME",
            description = "for which it still serves when it stops and no balancer can be asked (1s)")
    private @Nullable String drainPause;

    @Parameters(paramLabel = "COMMAND", arity = "0..*", description = "the program and its arguments, after --")
    private List<String> command = new ArrayList<>();

    /** What to run, where it listens, and in which registry it goes. */
    record Read(
            ServicePlan plan,
            int port,
            ConsulAddress consul,
            @Nullable String advertise) {}

    /** @throws PlanException with every problem there is */
    Read read(Surroundings surroundings) throws PlanException {
        List<String> problems = new ArrayList<>();
        int number = port(surroundings, problems);
        ServicePlan plan = null;
        try {
            plan = Plans.ofFlags(type, settings(), surroundings).services().get(0);
        } catch (PlanException bad) {
            problems.addAll(bad.problems());
        }
        RegistryFlags.Read where = registry.read(null, surroundings.environment(), problems);
        if (plan == null || where == null || !problems.isEmpty()) {
            throw new PlanException(problems);
        }
        return new Read(plan, number, where.consul(), where.advertise());
    }

    private int port(Surroundings surroundings, List<String> problems) {
        String source = port == null ? "PORT" : "--port";
        String given = port == null ? surroundings.environment().getOrDefault("PORT", "") : port;
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

    private List<Setting> settings() {
        List<Setting> settings = new ArrayList<>();
        registry.addTo(settings);
        Setting.addFlag(settings, "start-timeout", startTimeout);
        Setting.addFlag(settings, "stop-timeout", stopTimeout);
        Setting.addFlag(settings, "unhealthy-after", unhealthyAfter);
        Setting.addFlag(settings, "drain-timeout", drainTimeout);
        Setting.addFlag(settings, "drain-pause", drainPause);
        command.forEach(word -> settings.add(new Setting("command", word, "command")));
        return settings;
    }
}
