package dev.pointsman.cli.pm2;

import dev.pointsman.settings.YamlFile;
import dev.pointsman.settings.YamlNode;
import dev.pointsman.settings.YamlNode.YamlList;
import dev.pointsman.settings.YamlNode.YamlMapping;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * An ecosystem file, read and not yet converted. JSON or YAML, in any of the shapes that PM2 takes: {@code apps} with a list or one app,
 * a list, one app by itself, or {@code pm2} in a package.json.
 */
public final class EcosystemFile {
    private final Path name;
    private final List<String> problems;
    private final boolean hasPlaces;
    private final List<YamlMapping> apps = new ArrayList<>();
    private boolean hasDeploy;

    private EcosystemFile(Path name, boolean hasPlaces, List<String> problems) {
        this.name = name;
        this.hasPlaces = hasPlaces;
        this.problems = problems;
    }

    /** Whether a file is a program, of which only node knows what it says. */
    public static boolean isProgram(Path file) {
        String plain = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
        return plain.endsWith(".js") || plain.endsWith(".cjs") || plain.endsWith(".mjs") || plain.endsWith(".ts");
    }

    /**
     * Reads a file.
     *
     * @param file where it is
     * @param name what it is called in sentences
     * @param problems takes a sentence for each problem; if there is any, what was read is not to be used
     */
    public static EcosystemFile read(Path file, Path name, List<String> problems) {
        try {
            String text = Files.readString(file);
            boolean yaml =
                    String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT).matches(".*\\.ya?ml");
            return read(name, yaml ? text : RelaxedJson.withoutComments(text), true, problems);
        } catch (IOException unreadable) {
            problems.add(name + ": cannot be read (" + unreadable.getMessage() + ")");
            return new EcosystemFile(name, true, problems);
        }
    }

    /**
     * Reads what a program said when it was asked.
     *
     * @param name what it is called in sentences
     * @param json on which places in the file mean nothing
     */
    public static EcosystemFile ofProgram(Path name, String json, List<String> problems) {
        return read(name, json, false, problems);
    }

    private static EcosystemFile read(Path name, String text, boolean hasPlaces, List<String> problems) {
        EcosystemFile read = new EcosystemFile(name, hasPlaces, problems);
        int before = problems.size();
        YamlNode root = YamlFile.read(name, text.getBytes(StandardCharsets.UTF_8), problems);
        if (problems.size() == before) {
            read.root(root);
        }
        return read;
    }

    private void root(@Nullable YamlNode root) {
        YamlNode whole = root instanceof YamlMapping mapping && mapping.get("pm2") != null ? mapping.get("pm2") : root;
        YamlNode found = whole;
        if (whole instanceof YamlMapping mapping) {
            hasDeploy = mapping.get("deploy") != null;
            found = mapping.get("apps") == null && isApp(mapping) ? mapping : mapping.get("apps");
        }
        if (found instanceof YamlList list) {
            list.items().forEach(this::app);
        } else if (found != null) {
            app(found);
        }
        if (apps.isEmpty() && problems.isEmpty()) {
            problems.add(name + ": no apps (expected: apps, and below it a list of what PM2 is to start)");
        }
    }

    private static boolean isApp(YamlMapping mapping) {
        return mapping.entries().stream()
                .anyMatch(entry -> EcosystemKeys.canonical(entry.key().text()).equals("script"));
    }

    private void app(YamlNode node) {
        if (node instanceof YamlMapping app) {
            apps.add(app);
        } else {
            problems.add(source(node) + ": no app (expected: a mapping with script and other keys)");
        }
    }

    List<YamlMapping> apps() {
        return apps;
    }

    /** Whether it also says how to deploy. */
    boolean hasDeploy() {
        return hasDeploy;
    }

    /** What it is called in sentences. */
    Path name() {
        return name;
    }

    /** The position of a node. */
    String source(YamlNode node) {
        return hasPlaces ? name + ":" + node.line() + ":" + node.column() : name.toString();
    }
}
