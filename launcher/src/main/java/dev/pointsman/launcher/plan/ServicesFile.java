package dev.pointsman.launcher.plan;

import dev.pointsman.settings.FileSettings;
import dev.pointsman.settings.Setting;
import dev.pointsman.settings.YamlFile;
import dev.pointsman.settings.YamlNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
    private static final String COMMAND = ServiceSettings.COMMAND.key();

    private final Path file;
    private final Path folder;
    private final List<String> problems;
    private final FileSettings reader;
    private final List<ServiceDraft> drafts = new ArrayList<>();
    private final List<Setting> whole = new ArrayList<>();

    private ServicesFile(Path file, Path folder, List<String> problems) {
        this.file = file;
        this.folder = folder;
        this.problems = problems;
        this.reader = new FileSettings(file, problems);
    }

    /**
     * Reads an existing file.
     *
     * @param folder the one it is in, as the user names it
     * @param problems takes what is wrong with it
     */
    static ServicesFile read(Path file, Path folder, List<String> problems) {
        ServicesFile read = new ServicesFile(file, folder, problems);
        List<String> found = new ArrayList<>();
        YamlNode root = YamlFile.read(file, found);
        problems.addAll(found);
        if (root != null || found.isEmpty()) {
            read.root(root);
        }
        return read;
    }

    List<ServiceDraft> drafts() {
        return drafts;
    }

    /** The registry's address, or null if the file has none. */
    @Nullable
    String consul() {
        return beside(ServiceSettings.CONSUL.key());
    }

    /** The address to register, or null if the file has none. */
    @Nullable
    String advertise() {
        return beside(ServiceSettings.ADVERTISE.key());
    }

    /** The value of a key beside the services; each is there once at most. */
    private @Nullable String beside(String key) {
        return whole.stream()
                .filter(setting -> setting.key().equals(key))
                .map(Setting::value)
                .findFirst()
                .orElse(null);
    }

    private void root(@Nullable YamlNode root) {
        YamlNode services = root instanceof YamlNode.YamlMapping mapping ? mapping.get("services") : null;
        if (!(services instanceof YamlNode.YamlMapping types) || types.entries().isEmpty()) {
            problems.add(
                    file + ": no services (expected: services: and below it lines such as api-service: node app.js)");
        }
        if (root instanceof YamlNode.YamlMapping mapping) {
            reader.read("", mapping, ServiceSettings.OF_FILE, Map.of("services", this::services), whole);
        }
    }

    private void services(String context, YamlNode value, List<Setting> into) {
        if (value instanceof YamlNode.YamlMapping types) {
            types.entries().forEach(this::service);
        }
    }

    private void service(YamlNode.YamlEntry entry) {
        String type = entry.key().text();
        List<Setting> settings = new ArrayList<>();
        if (entry.value() instanceof YamlNode.YamlMapping mapping) {
            reader.read(type, mapping, ServiceSettings.OF_TYPE, Map.of(COMMAND, this::command), settings);
        } else {
            command(type, entry.value(), settings);
        }
        drafts.add(new ServiceDraft(type, reader.source(type, entry.key()), folder, settings));
    }

    private void command(String context, YamlNode value, List<Setting> into) {
        if (value instanceof YamlNode.YamlList) {
            reader.list(context, COMMAND, value, into);
            return;
        }
        String line = reader.oneValue(context, value);
        if (line != null) {
            CommandLineText.read(reader.source(context, value), line, into, problems);
        }
    }
}
