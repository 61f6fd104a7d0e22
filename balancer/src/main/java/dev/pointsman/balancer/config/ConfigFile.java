package dev.pointsman.balancer.config;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.pointsman.settings.Setting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

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
    private static final String NOT_ONE_VALUE = ": a list, a mapping or nothing (expected: one value)";

    /** A key that stands twice is a slip that would otherwise be settled in silence. */
    private static final YAMLFactory YAML = YAMLFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private ConfigFile() {}

    /**
     * The file's settings, not yet judged.
     *
     * @param problems takes a sentence for each that has not the form of a setting, so that it can be said with all else
     * @throws ConfigException if the file cannot be read or is not a mapping
     */
    public static List<Setting> read(Path file, List<String> problems) throws ConfigException {
        JsonNode root = parse(file);
        if (root.isMissingNode() || root.isNull()) {
            return List.of();
        }
        if (!root.isObject()) {
            throw new ConfigException(List.of(file + ": not a mapping (expected: lines such as port: 8080)"));
        }
        List<Setting> settings = new ArrayList<>();
        for (Map.Entry<String, JsonNode> entry : root.properties()) {
            String source = file + ": " + entry.getKey();
            if (entry.getKey().equals("route")) {
                routes(source, entry.getValue(), settings, problems);
            } else if (isOneValue(entry.getValue()) || !ConfigReader.KEYS.contains(entry.getKey())) {
                // A key that nobody knows is refused as that, whatever its value is.
                settings.add(new Setting(entry.getKey(), entry.getValue().asText(), source));
            } else {
                problems.add(source + NOT_ONE_VALUE);
            }
        }
        return settings;
    }

    private static JsonNode parse(Path file) throws ConfigException {
        if (!Files.isReadable(file) || Files.isDirectory(file)) {
            throw new ConfigException(List.of("--config: \"" + file + "\" (expected: a file that can be read)"));
        }
        try {
            return new YAMLMapper(YAML).readTree(Files.newInputStream(file));
        } catch (JacksonException bad) {
            String where = bad.getLocation() == null
                    ? ""
                    : ", line " + bad.getLocation().getLineNr();
            throw new ConfigException(List.of(file + where + ": not YAML (" + reason(bad) + ")"));
        } catch (IOException unreadable) {
            throw new ConfigException(List.of(file + ": cannot be read (" + unreadable.getMessage() + ")"));
        }
    }

    private static void routes(String source, JsonNode value, List<Setting> settings, List<String> problems) {
        if (!value.isObject()) {
            problems.add(source + ": not a mapping (expected: lines such as /api: api-service)");
            return;
        }
        for (Map.Entry<String, JsonNode> route : value.properties()) {
            String where = source + ": " + route.getKey();
            if (isOneValue(route.getValue())) {
                settings.add(new Setting(
                        "route", route.getKey() + "=" + route.getValue().asText(), source));
            } else if (route.getValue().isObject()) {
                withOptions(where, route.getKey(), route.getValue(), source, settings, problems);
            } else {
                problems.add(where + NOT_ONE_VALUE + ", or a mapping with to: and options");
            }
        }
    }

    /** In the words of the command line, so that there is one reader of routes. */
    private static void withOptions(
            String where, String prefix, JsonNode route, String source, List<Setting> settings, List<String> problems) {
        StringBuilder text = new StringBuilder();
        for (Map.Entry<String, JsonNode> option : route.properties()) {
            if (!isOneValue(option.getValue()) || option.getValue().asText().contains(";")) {
                problems.add(where + ": " + option.getKey() + NOT_ONE_VALUE);
            } else if (!option.getKey().equals("to")) {
                text.append(';')
                        .append(option.getKey())
                        .append('=')
                        .append(option.getValue().asText());
            }
        }
        JsonNode to = route.get("to");
        if (to == null) {
            problems.add(where + ": no to: (expected: the tag or service name that it goes to)");
        } else {
            settings.add(new Setting("route", prefix + "=" + to.asText() + text, source));
        }
    }

    private static boolean isOneValue(JsonNode value) {
        return value.isValueNode() && !value.isNull();
    }

    /** What was being read and what is wrong with it; the lines between, which are indented, show where. */
    private static String reason(JacksonException bad) {
        return bad.getOriginalMessage()
                .lines()
                .filter(line -> !line.isBlank() && !Character.isWhitespace(line.charAt(0)))
                .collect(Collectors.joining(", "));
    }
}
