package dev.pointsman.launcher.cli;

import dev.pointsman.launcher.ServicePlan;
import dev.pointsman.launcher.plan.PlanException;
import dev.pointsman.launcher.plan.Plans;
import dev.pointsman.launcher.plan.Setting;
import dev.pointsman.launcher.plan.Surroundings;
import dev.pointsman.registry.consul.ConsulAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
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

    @Option(
            names = "--health",
            paramLabel = "PATH",
            description = "answers 2xx when it is well (that its port takes a connection is enough)")
    private @Nullable String health;

    @Option(names = "--consul", paramLabel = "URL", description = "the registry (http://127.0.0.1:8500)")
    private @Nullable String consul;

    @Option(
            names = "--advertise",
            paramLabel = "ADDRESS",
            description =
                    "what others are told to connect to (127.0.0.1 with a registry on loopback, else this machine's)")
    private @Nullable String advertise;

    @Option(names = "--tag", paramLabel = "TAG", description = "one more tag; may be repeated")
    private List<String> tags = new ArrayList<>();

    @Option(names = "--meta", paramLabel = "NAME=VALUE", description = "metadata in the registry; may be repeated")
    private List<String> meta = new ArrayList<>();

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
        RegistryFlags.Read registry = RegistryFlags.read(consul, advertise, surroundings.environment(), problems);
        if (plan == null || registry == null || !problems.isEmpty()) {
            throw new PlanException(problems);
        }
        return new Read(plan, number, registry.consul(), registry.advertise());
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
        add(settings, "health", health);
        tags.forEach(value -> add(settings, "tag", value));
        meta.forEach(value -> add(settings, "meta", value));
        add(settings, "start-timeout", startTimeout);
        add(settings, "stop-timeout", stopTimeout);
        add(settings, "unhealthy-after", unhealthyAfter);
        add(settings, "drain-timeout", drainTimeout);
        add(settings, "drain-pause", drainPause);
        command.forEach(word -> settings.add(new Setting("command", word, "command")));
        return settings;
    }

    private static void add(List<Setting> settings, String key, @Nullable String value) {
        if (value != null) {
            settings.add(Setting.flag(key, value));
        }
    }
}
