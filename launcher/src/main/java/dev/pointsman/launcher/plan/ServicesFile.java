package dev.pointsman.launcher.plan;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.pointsman.settings.Setting;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A file of several types: YAML, under {@code services} a mapping of types to a command or to a mapping of settings.
 *
 * <pre>{@code
 * services:
 *   api-service:
 *     command: node app.js
 *     instances: 4
 *     health: /health
 *   webapp-service: python3 -m http.server {port}
 * }</pre>
 */
final class ServicesFile {
    /** How a key is written here, and the setting that it is. */
    static final Map<String, String> KEYS = Map.ofEntries(
            Map.entry("command", "command"),
            Map.entry("instances", "instances"),
            Map.entry("env", "env"),
            Map.entry("cwd", "cwd"),
            Map.entry("health", "health"),
            Map.entry("tags", "tag"),
            Map.entry("meta", "meta"),
            Map.entry("start-timeout", "start-timeout"),
            Map.entry("stop-timeout", "stop-timeout"),
            Map.entry("max-restarts", "max-restarts"),
            Map.entry("max-memory", "max-memory"),
            Map.entry("unhealthy-after", "unhealthy-after"),
            Map.entry("drain-timeout", "drain-timeout"),
            Map.entry("drain-pause", "drain-pause"),
            Map.entry("batch", "batch"),
            Map.entry("watch", "watch"),
            Map.entry("ignore", "ignore"));

    private static final String ONE = " (expected: one value)";
    private static final String ONE_OR_LIST = " (expected: one value, or a list of them)";

    /** A key that stands twice is a slip that would otherwise be settled in silence. */
    private static final YAMLFactory YAML = YAMLFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private static final Pattern LINE = Pattern.compile("line (\\d+), column");

    private final Path file;
    private final List<String> problems;
    private final List<ServiceDraft> drafts = new ArrayList<>();
    private @Nullable String consul;

    private ServicesFile(Path file, List<String> problems) {
        this.file = file;
        this.problems = problems;
    }

    /** Reads a file that is there; what is wrong with it goes to the problems. */
    static ServicesFile read(Path file, List<String> problems) {
        ServicesFile read = new ServicesFile(file, problems);
        JsonNode root = read.parse();
        if (root != null) {
            read.root(root);
        }
        return read;
    }

    List<ServiceDraft> drafts() {
        return drafts;
    }

    @Nullable
    String consul() {
        return consul;
    }

    private @Nullable JsonNode parse() {
        try (InputStream in = Files.newInputStream(file)) {
            return new YAMLMapper(YAML).readTree(in);
        } catch (JacksonException bad) {
            problems.add(file + line(bad) + ": not YAML (" + reason(bad) + ")");
        } catch (IOException unreadable) {
            problems.add(file + ": cannot be read (" + unreadable.getMessage() + ")");
        }
        return null;
    }

    /** The last place that the message names: the exception's own one is where the reading began that failed. */
    private static String line(JacksonException bad) {
        return LINE.matcher(bad.getOriginalMessage())
                .results()
                .map(named -> ", line " + named.group(1))
                .reduce((before, last) -> last)
                .orElseGet(() -> bad.getLocation() == null
                        ? ""
                        : ", line " + bad.getLocation().getLineNr());
    }

    /** What was being read and what is wrong with it; the lines between, which are indented, show where. */
    private static String reason(JacksonException bad) {
        return bad.getOriginalMessage()
                .lines()
                .filter(line -> !line.isBlank() && !Character.isWhitespace(line.charAt(0)))
                .collect(Collectors.joining(", "));
    }

    private void root(JsonNode root) {
        JsonNode services = root.get("services");
        if (services == null || !services.isObject() || services.isEmpty()) {
            problems.add(
                    file + ": no services (expected: services: and below it lines such as api-service: node app.js)");
        } else {
            services.properties().forEach(service -> service(service.getKey(), service.getValue()));
        }
        for (Map.Entry<String, JsonNode> entry : root.properties()) {
            String source = file + ": " + entry.getKey();
            if (entry.getKey().equals("consul")) {
                consul = oneValue(source, entry.getValue());
            } else if (!entry.getKey().equals("services")) {
                problems.add(source + ": there is no such setting (expected one of: consul, services)");
            }
        }
    }

    private void service(String type, JsonNode value) {
        String source = file + ": " + type;
        List<Setting> settings = new ArrayList<>();
        if (value.isObject()) {
            value.properties().forEach(entry -> setting(source, entry.getKey(), entry.getValue(), settings));
        } else {
            command(source, value, settings);
        }
        drafts.add(new ServiceDraft(type, source, folder(), settings));
    }

    private Path folder() {
        Path folder = file.toAbsolutePath().normalize().getParent();
        return folder == null ? file.toAbsolutePath().getRoot() : folder;
    }

    private void setting(String service, String name, JsonNode value, List<Setting> settings) {
        String source = service + ": " + name;
        String key = KEYS.get(name);
        if (key == null) {
            problems.add(source + ": there is no such setting (expected one of: "
                    + String.join(", ", new TreeSet<>(KEYS.keySet())) + ")");
            return;
        }
        switch (key) {
            case "command" -> command(source, value, settings);
            case "env", "meta" -> pairs(source, key, value, settings);
            case "tag", "watch", "ignore" -> many(source, key, value, settings);
            default -> {
                String text = oneValue(source, value);
                if (text != null) {
                    settings.add(new Setting(key, text, source));
                }
            }
        }
    }

    private void command(String source, JsonNode value, List<Setting> settings) {
        if (value.isArray()) {
            many(source, "command", value, settings);
            return;
        }
        String line = oneValue(source, value);
        if (line != null) {
            CommandLineText.read(source, line, settings, problems);
        }
    }

    private void pairs(String source, String key, JsonNode value, List<Setting> settings) {
        if (!value.isObject()) {
            problems.add(source + ": not a mapping (expected: lines such as NAME: VALUE)");
            return;
        }
        for (Map.Entry<String, JsonNode> pair : value.properties()) {
            String where = source + ": " + pair.getKey();
            String text = oneValue(where, pair.getValue());
            if (text != null) {
                settings.add(new Setting(key, pair.getKey() + "=" + text, where));
            }
        }
    }

    private void many(String source, String key, JsonNode value, List<Setting> settings) {
        if (isOneValue(value)) {
            settings.add(new Setting(key, value.asText(), source));
            return;
        }
        boolean all = value.isArray();
        for (JsonNode each : value) {
            all = all && isOneValue(each);
        }
        if (!all) {
            problems.add(source + ": a mapping or nothing, or a list of such" + ONE_OR_LIST);
            return;
        }
        value.forEach(each -> settings.add(new Setting(key, each.asText(), source)));
    }

    private @Nullable String oneValue(String source, JsonNode value) {
        if (!isOneValue(value)) {
            problems.add(source + ": a list, a mapping or nothing" + ONE);
            return null;
        }
        return value.asText();
    }

    private static boolean isOneValue(JsonNode value) {
        return value.isValueNode() && !value.isNull();
    }
}
