package dev.pointsman.cli;

import dev.pointsman.launcher.plan.PlanException;
import dev.pointsman.launcher.plan.Plans;
import dev.pointsman.launcher.plan.Surroundings;
import dev.pointsman.registry.consul.ConsulAddress;
import dev.pointsman.settings.Setting;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What is to run, as {@code run} and {@code systemd} take it. Values stay text here: {@link Plans} judges them all at once. */
final class PlanFlags {
    @Option(
            names = "--type",
            paramLabel = "T",
            description = "the name in the registry; with -f, only this type of the file (may be repeated)")
    private List<String> types = new ArrayList<>();

    @Option(names = "--instances", paramLabel = "N|max", description = "how many; max: one for each core (1)")
    private @Nullable String instances;

    @Mixin
    private final RegistryFlags registry = new RegistryFlags();

    @Option(
            names = {"-f", "--file"},
            paramLabel = "FILE",
            description = "a services.yaml or a Procfile, for several types; flags overrule it")
    @Nullable
    Path file;

    @Option(names = "--env", paramLabel = "NAME=VALUE", description = "an environment variable; may be repeated")
    private List<String> env = new ArrayList<>();

    @Option(names = "--cwd", paramLabel = "DIR", description = "where it runs (here; with -f, where the file is)")
    private @Nullable String cwd;

    @Option(names = "--start-timeout", paramLabel = "TIME", description = "for an instance to be well (30s)")
    private @Nullable String startTimeout;

    @Option(names = "--stop-timeout", paramLabel = "TIME", description = "between SIGTERM and SIGKILL (10s)")
    private @Nullable String stopTimeout;

    @Option(
            names = "--max-restarts",
            paramLabel = "N|unlimited",
            description = "failed starts in a row until the type is given up (10)")
    private @Nullable String maxRestarts;

    @Option(
            names = "--max-memory",
            paramLabel = "SIZE",
            description = "above which an instance is replaced; 0: no limit (0)")
    private @Nullable String maxMemory;

    @Option(
            names = "--unhealthy-after",
            paramLabel = "N",
            description = "failed checks in a row, one a second, until an instance is replaced (5)")
    private @Nullable String unhealthyAfter;

    @Option(
            names = "--drain-timeout",
            paramLabel = "TIME",
            description = "for balancers to have nothing in flight on an instance that leaves (30s)")
    private @Nullable String drainTimeout;

    @Option(
            names = "--drain-pause",
            paramLabel = "TIME",
            description = "for which an instance that leaves still serves where no balancer can be asked (1s)")
    private @Nullable String drainPause;

    @Option(names = "--batch", paramLabel = "N", description = "instances that a reload replaces at a time (1)")
    private @Nullable String batch;

    @Option(names = "--watch", paramLabel = "DIR", description = "reload when files in it change; may be repeated")
    private List<String> watch = new ArrayList<>();

    @Option(names = "--ignore", paramLabel = "GLOB", description = "of which --watch takes no notice; may be repeated")
    private List<String> ignore = new ArrayList<>();

    @Parameters(paramLabel = "COMMAND", arity = "0..*", description = "the program and its arguments, after --")
    private List<String> command = new ArrayList<>();

    /** Everything to run, and in which registry. */
    record Read(Plans plans, ConsulAddress consul, @Nullable String advertise) {}

    /** @throws PlanException with every problem there is, those of the registry's address among them */
    Read read(Surroundings surroundings) throws PlanException {
        List<String> problems = new ArrayList<>();
        Plans plans = null;
        try {
            plans = plans(surroundings, problems);
        } catch (PlanException bad) {
            problems.addAll(bad.problems());
        }
        String inFile = plans == null ? null : plans.consul();
        RegistryFlags.Read where = registry.read(inFile, surroundings.environment(), problems);
        if (plans == null || where == null || !problems.isEmpty()) {
            throw new PlanException(problems);
        }
        return new Read(plans, where.consul(), where.advertise());
    }

    private Plans plans(Surroundings surroundings, List<String> problems) throws PlanException {
        if (file != null) {
            if (!command.isEmpty()) {
                problems.add("\"" + String.join(" ", command) + "\": a command beside -f (expected: one of the two)");
            }
            return Plans.ofFile(file, types, settings(), surroundings);
        }
        if (types.size() > 1) {
            problems.add("--type: \"" + String.join("\" and \"", types) + "\" (expected: one; several need -f FILE)");
        }
        List<Setting> settings = settings();
        command.forEach(word -> settings.add(new Setting("command", word, "command")));
        return Plans.ofFlags(types.isEmpty() ? null : types.get(0), settings, surroundings);
    }

    private List<Setting> settings() {
        List<Setting> settings = new ArrayList<>();
        Setting.addFlag(settings, "instances", instances);
        registry.addTo(settings);
        env.forEach(value -> Setting.addFlag(settings, "env", value));
        Setting.addFlag(settings, "cwd", cwd);
        Setting.addFlag(settings, "start-timeout", startTimeout);
        Setting.addFlag(settings, "stop-timeout", stopTimeout);
        Setting.addFlag(settings, "max-restarts", maxRestarts);
        Setting.addFlag(settings, "max-memory", maxMemory);
        Setting.addFlag(settings, "unhealthy-after", unhealthyAfter);
        Setting.addFlag(settings, "drain-timeout", drainTimeout);
        Setting.addFlag(settings, "drain-pause", drainPause);
        Setting.addFlag(settings, "batch", batch);
        watch.forEach(value -> Setting.addFlag(settings, "watch", value));
        ignore.forEach(value -> Setting.addFlag(settings, "ignore", value));
        return settings;
    }
}
