package dev.pointsman.launcher.plan;

import dev.pointsman.agent.AgentOptions;
import dev.pointsman.settings.LogicalPaths;
import dev.pointsman.settings.Setting;
import dev.pointsman.settings.Settings;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A reader of one type's settings into its plan, or into a list of everything that is wrong with them. */
final class PlanReader {
    /** A stand-in for a command that was refused where it was read, so that it is not reported missing as well. */
    static final String REFUSED_COMMAND = "refused-command";

    private static final Set<String> OWN_VARIABLES =
            Set.of("PORT", "POINTSMAN_ID", "POINTSMAN_TYPE", "CONSUL_HTTP_ADDR");

    private final ServiceDraft draft;
    private final LaunchEnvironment environment;
    private final List<String> problems;
    private final Settings values;

    private PlanReader(ServiceDraft draft, LaunchEnvironment environment, List<String> problems) {
        this.draft = draft;
        this.environment = environment;
        this.problems = problems;
        this.values = new Settings(draft.settings(), problems);
    }

    /**
     * Reads one type's plan.
     *
     * @param problems takes a sentence for everything that is wrong; if there is any, the plan is not to be used
     */
    static ServicePlan read(ServiceDraft draft, LaunchEnvironment environment, List<String> problems) {
        return new PlanReader(draft, environment, problems).read();
    }

    private ServicePlan read() {
        judged(draft.source(), () -> AgentOptions.of(draft.type(), null, Map.of()), ignored -> {});
        Path directory = directory();
        Map<String, String> env = env();
        List<Path> envFiles = new ArrayList<>();
        Map<String, String> all = variables(env, envFiles);
        return ServicePlan.of(draft.type(), command(directory, all))
                .instances(instances())
                .env(env)
                .envFiles(envFiles)
                .directory(directory)
                .healthPath(health())
                .tags(tags())
                .meta(meta())
                .options(rules())
                .watch(watch())
                .ignore(ignore())
                .restart(restart())
                .process(process())
                .build();
    }

    private int instances() {
        int given = values.get(ServiceSettings.INSTANCES);
        return given == ServiceSettings.ALL_CORES ? environment.cores() : given;
    }

    private List<String> command(Path directory, Map<String, String> env) {
        if (values.last(REFUSED_COMMAND) != null) {
            return List.of();
        }
        List<String> words = values.all(ServiceSettings.COMMAND.key()).stream()
                .map(Setting::value)
                .toList();
        Setting program =
                values.all(ServiceSettings.COMMAND.key()).stream().findFirst().orElse(null);
        if (program == null || program.value().isBlank()) {
            problems.add(draft.source() + ": no command (expected: the program to run, and its arguments)");
            return List.of();
        }
        String path = env.getOrDefault("PATH", environment.variables().getOrDefault("PATH", ProgramLookup.USUAL_PATH));
        if (!ProgramLookup.exists(program.value(), directory, path)) {
            values.problem(program, ProgramLookup.EXPECTED);
        }
        return words;
    }

    private Map<String, String> env() {
        Map<String, String> env = new LinkedHashMap<>();
        for (Map.Entry<Setting, Map.Entry<String, String>> pair : values.pairs(ServiceSettings.ENV.key())) {
            String name = pair.getValue().getKey();
            if (name.equals("PORT")) {
                problems.add(pair.getKey().source() + ": PORT (expected: no PORT: each instance is given its own)");
            } else if (!EnvFile.isName(name)) {
                // Without its value, which may be secret.
                problems.add(pair.getKey().source() + ": \"" + name
                        + "\" (expected: NAME=VALUE, the name of letters, digits and underscores)");
            } else {
                env.put(name, pair.getValue().getValue());
            }
        }
        return env;
    }

    /**
     * The variables that instances will have beside the launcher's own, as the files are now.
     *
     * @param files takes those that can be read
     */
    private Map<String, String> variables(Map<String, String> env, List<Path> files) {
        Map<String, String> all = new LinkedHashMap<>();
        for (Setting setting : values.all(ServiceSettings.ENV_FILE.key())) {
            try {
                Path file = LogicalPaths.resolve(draft.folder(), Path.of(setting.value()));
                all.putAll(EnvFile.read(file));
                files.add(file);
            } catch (PlanException bad) {
                problems.addAll(bad.problems());
            } catch (InvalidPathException noPath) {
                values.problem(setting, "a file that can be read");
            }
        }
        all.putAll(env);
        return all;
    }

    private Path directory() {
        Setting cwd = values.last(ServiceSettings.CWD.key());
        return cwd == null ? draft.folder() : folder(cwd, draft.folder());
    }

    private @Nullable String health() {
        Setting path = values.last(ServiceSettings.HEALTH.key());
        if (path == null) {
            return null;
        }
        judged(path.source(), () -> options().withHealthPath(path.value()), ignored -> {});
        return path.value();
    }

    private List<String> tags() {
        List<String> tags = new ArrayList<>();
        for (Setting tag : values.all(ServiceSettings.TAG.key())) {
            judged(tag.source(), () -> options().withTags(List.of(tag.value())), ignored -> tags.add(tag.value()));
        }
        return tags;
    }

    private Map<String, String> meta() {
        Map<String, String> meta = new LinkedHashMap<>();
        for (Map.Entry<Setting, Map.Entry<String, String>> pair : values.pairs(ServiceSettings.META.key())) {
            Map.Entry<String, String> entry = pair.getValue();
            judged(
                    pair.getKey().source(),
                    () -> options().withMeta(entry.getKey(), entry.getValue()),
                    ignored -> meta.put(entry.getKey(), entry.getValue()));
        }
        return meta;
    }

    private InstanceOptions rules() {
        return new InstanceOptions(
                values.get(ServiceSettings.START_TIMEOUT),
                values.get(ServiceSettings.STOP_TIMEOUT),
                values.get(ServiceSettings.MAX_RESTARTS),
                values.get(ServiceSettings.MAX_MEMORY),
                values.get(ServiceSettings.UNHEALTHY_AFTER),
                values.get(ServiceSettings.DRAIN_TIMEOUT),
                values.get(ServiceSettings.DRAIN_PAUSE),
                values.get(ServiceSettings.BATCH));
    }

    private RestartRules restart() {
        return new RestartRules(
                values.get(ServiceSettings.MIN_UPTIME),
                values.get(ServiceSettings.RESTART_DELAY),
                Set.copyOf(values.each(ServiceSettings.STOP_EXIT_CODES)),
                schedule());
    }

    private @Nullable CronSchedule schedule() {
        Setting given = values.last(ServiceSettings.CRON_RESTART.key());
        if (given == null) {
            return null;
        }
        Optional<CronSchedule> schedule = CronSchedule.parse(given.value(), ZoneId.systemDefault());
        if (schedule.isEmpty()) {
            values.problem(
                    given,
                    "minute, hour, day of the month, month and day of the week, such as \"0 3 * * *\" for every night"
                            + " at three");
        }
        return schedule.orElse(null);
    }

    private ProcessRules process() {
        String variable = values.get(ServiceSettings.INSTANCE_VAR);
        if (!EnvFile.isName(variable) || OWN_VARIABLES.contains(variable)) {
            Setting given = values.last(ServiceSettings.INSTANCE_VAR.key());
            if (given != null) {
                values.problem(
                        given,
                        "the name of a variable that is not given to each instance anyway, such as NODE_APP_INSTANCE");
            }
        }
        return new ProcessRules(
                values.find(ServiceSettings.WAIT_READY), values.get(ServiceSettings.STOP_SIGNAL), variable);
    }

    private List<Path> watch() {
        return values.all(ServiceSettings.WATCH.key()).stream()
                .map(setting -> folder(setting, draft.folder()))
                .toList();
    }

    private List<String> ignore() {
        List<String> patterns = new ArrayList<>();
        for (Setting pattern : values.all(ServiceSettings.IGNORE.key())) {
            try {
                draft.folder().getFileSystem().getPathMatcher("glob:" + pattern.value());
                patterns.add(pattern.value());
            } catch (IllegalArgumentException noPattern) {
                values.problem(pattern, "a pattern such as *.log or build/**");
            }
        }
        return patterns;
    }

    private Path folder(Setting setting, Path base) {
        try {
            Path folder = LogicalPaths.resolve(base, Path.of(setting.value()));
            if (Files.isDirectory(folder)) {
                return folder;
            }
        } catch (InvalidPathException noPath) {
            // said below, with all other values that are no folder
        }
        values.problem(setting, "a folder that is there");
        return base;
    }

    /** The rules for tags and the like, apart from the type's name, which would be complained of again with each. */
    private static AgentOptions options() {
        return AgentOptions.of("type", null, Map.of());
    }

    private void judged(String source, Supplier<AgentOptions> rule, Consumer<AgentOptions> good) {
        try {
            good.accept(rule.get());
        } catch (IllegalArgumentException broken) {
            problems.add(source + ": " + broken.getMessage());
        }
    }
}
