package dev.pointsman.launcher.plan;

import dev.pointsman.settings.LogicalPaths;
import dev.pointsman.settings.Setting;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The plans of one launcher: one for each type that it is to run. Immutable.
 *
 * @param services a plan for each type, in the order in which they were written
 * @param consul the registry's address as the file has it, or null
 * @param advertise the address to register as the file has it, or null
 */
public record Plans(
        List<ServicePlan> services,
        @Nullable String consul,
        @Nullable String advertise) {
    /** The settings whose values are paths. */
    private static final Set<String> PATHS =
            Set.of(ServiceSettings.CWD.key(), ServiceSettings.WATCH.key(), ServiceSettings.ENV_FILE.key());

    public Plans {
        services = List.copyOf(services);
    }

    /**
     * The plan of one type, from a command line.
     *
     * @param type null if none was given, which is a problem
     * @param flags what was given, the less important first, the command's words included
     * @throws PlanException with every problem there is
     */
    public static Plans ofFlags(@Nullable String type, List<Setting> flags, LaunchEnvironment environment)
            throws PlanException {
        List<String> problems = new ArrayList<>();
        if (type == null) {
            problems.add("--type: missing (expected: the name that the instances are to have in the registry)");
        }
        List<Setting> settings = new ArrayList<>(flags);
        if (flags.stream().noneMatch(flag -> flag.key().equals("command"))) {
            problems.add("no command (expected: after --, the program to run, and its arguments)");
            settings.add(Setting.flag(PlanReader.REFUSED_COMMAND, ""));
        }
        ServiceDraft draft = new ServiceDraft(type == null ? "type" : type, "--type", environment.folder(), settings);
        return read(List.of(draft), null, null, environment, problems);
    }

    /**
     * The plans of a file, a services.yaml or a Procfile.
     *
     * @param only the types that are meant; none for all
     * @param flags what was given on the command line: it counts for each type, and more than the file
     * @throws PlanException with every problem there is
     */
    public static Plans ofFile(Path file, Collection<String> only, List<Setting> flags, LaunchEnvironment environment)
            throws PlanException {
        if (!Files.isReadable(file) || Files.isDirectory(file)) {
            throw new PlanException(List.of("-f: \"" + file + "\" (expected: a file that can be read)"));
        }
        List<String> problems = new ArrayList<>();
        List<ServiceDraft> drafts;
        String consul = null;
        String advertise = null;
        if (isProcfile(file)) {
            drafts = Procfile.read(file, folder(file, environment), problems);
        } else if (isYaml(file)) {
            ServicesFile read = ServicesFile.read(file, folder(file, environment), problems);
            drafts = read.drafts();
            consul = read.consul();
            advertise = read.advertise();
        } else {
            throw new PlanException(
                    List.of("-f: \"" + file + "\" (expected: a file named *.yaml, *.yml, *.json or Procfile)"));
        }
        List<Setting> own =
                flags.stream().map(flag -> absolute(flag, environment)).toList();
        return read(chosen(drafts, only, own, problems), consul, advertise, environment, problems);
    }

    /** The folder of a file, by the name that it was given: where a link on the way points elsewhere later, so does this. */
    private static Path folder(Path file, LaunchEnvironment environment) {
        Path folder = LogicalPaths.resolve(environment.folder(), file).getParent();
        return folder == null ? environment.folder() : folder;
    }

    /** A path on the command line is relative to where that was typed, not to the file. */
    private static Setting absolute(Setting flag, LaunchEnvironment environment) {
        if (!PATHS.contains(flag.key())) {
            return flag;
        }
        String path = environment.folder() + "/" + flag.value();
        return flag.value().startsWith("/") ? flag : new Setting(flag.key(), path, flag.source());
    }

    private static List<ServiceDraft> chosen(
            List<ServiceDraft> drafts, Collection<String> only, List<Setting> flags, List<String> problems) {
        List<String> types = drafts.stream().map(ServiceDraft::type).toList();
        for (String type : only) {
            if (!types.contains(type)) {
                problems.add("--type: \"" + type + "\" (expected one of the file's: " + String.join(", ", types) + ")");
            }
        }
        return drafts.stream()
                .filter(draft -> only.isEmpty() || only.contains(draft.type()))
                .map(draft -> draft.with(flags))
                .toList();
    }

    private static Plans read(
            List<ServiceDraft> drafts,
            @Nullable String consul,
            @Nullable String advertise,
            LaunchEnvironment environment,
            List<String> problems)
            throws PlanException {
        List<ServicePlan> plans = new ArrayList<>();
        drafts.forEach(draft -> plans.add(PlanReader.read(draft, environment, problems)));
        if (!problems.isEmpty()) {
            throw new PlanException(problems.stream().distinct().toList());
        }
        return new Plans(plans, consul, advertise);
    }

    private static boolean isProcfile(Path file) {
        String name = name(file);
        return name.startsWith("procfile") || name.endsWith(".procfile");
    }

    private static boolean isYaml(Path file) {
        String name = name(file);
        return name.endsWith(".yaml") || name.endsWith(".yml") || name.endsWith(".json");
    }

    private static String name(Path file) {
        Path name = file.getFileName();
        return name == null ? "" : name.toString().toLowerCase(Locale.ROOT);
    }
}
