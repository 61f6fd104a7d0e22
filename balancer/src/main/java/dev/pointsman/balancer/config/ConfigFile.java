package dev.pointsman.balancer.config;

import dev.pointsman.settings.FileSettings;
import dev.pointsman.settings.Setting;
import dev.pointsman.settings.Variables;
import dev.pointsman.settings.YamlFile;
import dev.pointsman.settings.YamlNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A configuration file and the files that it includes: YAML, a mapping whose keys are the names of the flags. {@code route}
 * maps hosts and paths to tags, or to mappings with {@code to} and the route's options. Each file's problems have
 * its own name and lines. Not thread-safe.
 *
 * <pre>{@code
 * port: 8080
 * include: conf.d/*.yaml
 * route:
 *   /api: api-service
 *   shop.example.com/: shop
 * }</pre>
 */
final class ConfigFile {
    private final @Nullable Map<String, String> environment;
    private final List<String> problems;
    private final List<Setting> settings = new ArrayList<>();
    private final List<Path> files = new ArrayList<>();
    private final List<IncludePattern> patterns = new ArrayList<>();

    private final ContentDigest digest = new ContentDigest();
    private boolean routes;

    /** The files that are being read, the including ones first, by their real paths. */
    private final Deque<Path> including = new ArrayDeque<>();

    private final Set<Path> seen = new HashSet<>();

    /** Whether no other file can be included. */
    private boolean isAlone;

    /** Where each key was given first, and in which file. */
    private final Map<String, FirstPlace> given = new LinkedHashMap<>();

    private record FirstPlace(Path file, String source) {}

    private ConfigFile(@Nullable Map<String, String> environment, List<String> problems) {
        this.environment = environment;
        this.problems = problems;
    }

    /**
     * Reads the settings of a file and of what it includes, which are not checked yet.
     *
     * @param environment the variables that values may name
     * @param problems takes a sentence for each file that cannot be read, each key that is none and each value that has not
     *     the form of a setting, so that it can be said with all else
     */
    static ConfigFile read(Path file, Map<String, String> environment, List<String> problems) {
        ConfigFile read = new ConfigFile(environment, problems);
        read.file(file, "--config: \"" + file + "\"");
        return read;
    }

    /**
     * Reads the settings of a file whose content is at hand, and which includes no other.
     *
     * @param environment the variables that values may name; null where they may name none
     * @param problems takes a sentence for each thing that is wrong
     */
    static ConfigFile read(
            Path file, byte[] content, @Nullable Map<String, String> environment, List<String> problems) {
        ConfigFile read = new ConfigFile(environment, problems);
        read.isAlone = true;
        read.content(file, content);
        return read;
    }

    /** The settings of all files, the including file's first. */
    List<Setting> settings() {
        return settings;
    }

    /** The files that were read, or could not be. */
    List<Path> files() {
        return files;
    }

    /** Whether routes are written somewhere, be it that there are none. */
    boolean routes() {
        return routes;
    }

    /** The digest of all that was read; once. */
    String digest() {
        return digest.text();
    }

    /** What was included. */
    List<IncludePattern> patterns() {
        return patterns;
    }

    /** @param asked the place that names the file, for a file that cannot be read */
    private void file(Path file, String asked) {
        boolean isNew = !files.contains(file);
        if (isNew) {
            files.add(file);
        }
        byte[] content;
        Path real;
        try {
            content = Files.readAllBytes(file);
            if (isNew) {
                digest.add(file, content);
            }
            real = file.toRealPath();
        } catch (IOException unreadable) {
            problems.add(asked + " (expected: a file that can be read)");
            return;
        }
        if (including.contains(real)) {
            problems.add(asked + " includes itself" + (including.getLast().equals(real) ? "" : " by way of others")
                    + " (expected: files that do not include each other)");
            return;
        }
        if (!seen.add(real)) {
            return;
        }
        including.addLast(real);
        content(file, content);
        including.removeLast();
    }

    private void content(Path file, byte[] content) {
        YamlNode root = YamlFile.read(file, content, problems);
        if (root == null) {
            return;
        }
        if (!(root instanceof YamlNode.YamlMapping mapping)) {
            problems.add(file + ":" + root.line() + ":" + root.column()
                    + ": not a mapping (expected: lines such as port: 8080)");
            return;
        }
        routes |= mapping.get(BalancerSettings.ROUTE.key()) != null;
        FileSettings reader = new FileSettings(file, problems).refusingEmptyLists();
        Variables variables = new Variables(file.toString(), environment, problems);
        List<Setting> own = new ArrayList<>();
        reader.read(
                "",
                (YamlNode.YamlMapping) variables.in(root),
                BalancerSettings.TABLE,
                Map.of(BalancerSettings.ROUTE.key(), new RouteEntries(reader)::read),
                own);
        List<Setting> usable = variables.usable(own);
        refuseTwice(file, usable);
        usable.stream().filter(setting -> !isInclude(setting)).forEach(settings::add);
        usable.stream().filter(ConfigFile::isInclude).forEach(setting -> include(file, setting));
    }

    private static boolean isInclude(Setting setting) {
        return setting.key().equals(BalancerSettings.INCLUDE.key());
    }

    /** A key that stands in two files would be settled by the order of their names. */
    private void refuseTwice(Path file, List<Setting> own) {
        for (Setting setting : own) {
            String key = setting.name() == null ? setting.key() : setting.key() + ": " + setting.name();
            FirstPlace first = given.putIfAbsent(key, new FirstPlace(file, setting.source()));
            if (first != null && !first.file().equals(file) && !isInclude(setting)) {
                problems.add(setting.source() + (setting.name() == null ? "" : ": " + setting.name())
                        + ": stands in another file too, at " + place(first) + " (expected: each key in one file)");
            }
        }
    }

    private static String place(FirstPlace first) {
        int from = first.file().toString().length() + 1;
        int end = first.source().indexOf(':', first.source().indexOf(':', from) + 1);
        return end < 0 ? first.source() : first.source().substring(0, end);
    }

    private void include(Path file, Setting setting) {
        if (isAlone) {
            problems.add(setting.source() + ": \"" + setting.written()
                    + "\" is not read here (expected: all settings in one document)");
            return;
        }
        Path folder = file.getParent();
        IncludePattern pattern = new IncludePattern(folder == null ? Path.of("") : folder, setting.value());
        if (!pattern.isValid()) {
            problems.add(
                    setting.source() + ": \"" + setting.written() + "\" (expected: " + IncludePattern.EXPECTED + ")");
            return;
        }
        patterns.add(pattern);
        pattern.files()
                .forEach(each -> file(
                        each, setting.source() + ": \"" + (setting.holdsVariable() ? setting.written() : each) + "\""));
    }
}
