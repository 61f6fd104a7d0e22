package dev.pointsman.balancer.config;

import dev.pointsman.settings.FileSettings;
import dev.pointsman.settings.Setting;
import dev.pointsman.settings.YamlFile;
import dev.pointsman.settings.YamlNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A configuration file: YAML, a mapping whose keys are the names of the flags. {@code route} maps prefixes to tags, or
 * to mappings with {@code to} and the route's options.
 *
 * <pre>{@code
 * port: 8080
 * route:
 *   /api: api-service
 *   /: webapp-service
 * }</pre>
 */
public final class ConfigFile {
    private final FileSettings reader;

    private ConfigFile(FileSettings reader) {
        this.reader = reader;
    }

    /**
     * Reads the file's settings, which are not checked yet.
     *
     * @param problems takes a sentence for each key that is none and each value that has not the form of a setting, so
     *     that it can be said with all else
     * @throws ConfigException if the file cannot be read or is not a mapping
     */
    public static List<Setting> read(Path file, List<String> problems) throws ConfigException {
        if (!Files.isReadable(file) || Files.isDirectory(file)) {
            throw new ConfigException(List.of("--config: \"" + file + "\" (expected: a file that can be read)"));
        }
        List<String> found = new ArrayList<>();
        YamlNode root = YamlFile.read(file, found);
        if (root == null && !found.isEmpty()) {
            throw new ConfigException(found);
        }
        problems.addAll(found);
        List<Setting> settings = new ArrayList<>();
        if (root instanceof YamlNode.YamlMapping mapping) {
            ConfigFile config = new ConfigFile(new FileSettings(file, problems));
            config.reader.read("", mapping, BalancerSettings.TABLE, Map.of("route", config::routes), settings);
        } else if (root != null) {
            throw new ConfigException(List.of(file + ":" + root.line() + ":" + root.column()
                    + ": not a mapping (expected: lines such as port: 8080)"));
        }
        return settings;
    }

    private void routes(String context, YamlNode value, List<Setting> into) {
        if (!(value instanceof YamlNode.YamlMapping routes)) {
            reader.problem(context, value, "not a mapping (expected: lines such as /api: api-service)");
            return;
        }
        for (YamlNode.YamlEntry route : routes.entries()) {
            String prefix = route.key().text();
            String below = context + ": " + prefix;
            String source = reader.source(context, route.key());
            if (route.value() instanceof YamlNode.YamlMapping options) {
                withOptions(below, source, prefix, options, into);
            } else if (route.value() instanceof YamlNode.YamlScalar tag && tag.isOneValue()) {
                refuseOptions(below, tag);
                into.add(new Setting(BalancerSettings.ROUTE.key(), prefix, tag.text(), source, List.of()));
            } else {
                reader.problem(
                        below,
                        route.value(),
                        "a list, a mapping or nothing (expected: one value), or a mapping with to: and options");
            }
        }
    }

    /**
     * A tag may hold a semicolon, but one that is followed by an option was meant as the form of the flag; taken for a tag,
     * it would lead every request to instances that there are not.
     */
    private void refuseOptions(String context, YamlNode.YamlScalar tag) {
        String[] parts = tag.text().split(";", -1);
        for (int i = 1; i < parts.length; i++) {
            String option = parts[i].split("=", 2)[0].strip();
            if (RouteSettings.TABLE.flags().byKey(option).isPresent()) {
                reader.problem(
                        context,
                        tag,
                        "\"" + tag.text() + "\" (expected: one tag, or a mapping with to: " + parts[0].strip() + " and "
                                + option + ":)");
                return;
            }
        }
    }

    private void withOptions(
            String context, String source, String prefix, YamlNode.YamlMapping options, List<Setting> into) {
        List<Setting> parts = new ArrayList<>();
        reader.read(context, options, RouteSettings.TABLE, Map.of(), parts);
        String to = RouteSettings.TO.key();
        if (options.get(to) == null && options.get(FilterSettings.REDIRECT.key()) != null) {
            into.add(new Setting(BalancerSettings.ROUTE.key(), prefix, "", source, parts));
        } else if (options.get(to) == null) {
            reader.problem(context, options, "no to: (expected: the tag or service name that it goes to)");
        }
        parts.stream()
                .filter(part -> part.key().equals(to))
                .map(Setting::value)
                .forEach(tag -> into.add(new Setting(BalancerSettings.ROUTE.key(), prefix, tag, source, parts)));
    }
}
