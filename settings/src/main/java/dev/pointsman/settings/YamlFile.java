package dev.pointsman.settings;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.reader.ReaderException;

/**
 * A reader of a YAML file into nodes with their line and column. Values stay text, as written: {@code 1.10} is not 1.1.
 * An alias is the node that its anchor names. A key that stands twice is a problem, since it would otherwise be settled
 * in silence.
 */
public final class YamlFile {
    /** In characters: room for far more than 10,000 routes. */
    private static final int LARGEST = 32 * 1024 * 1024;

    private final Path file;
    private final List<String> problems;

    private YamlFile(Path file, List<String> problems) {
        this.file = file;
        this.problems = problems;
    }

    /**
     * The file's root, or null if nothing is in it or it cannot be read.
     *
     * @param problems takes a sentence for each problem
     */
    public static @Nullable YamlNode read(Path file, List<String> problems) {
        try {
            return read(file, Files.readAllBytes(file), problems);
        } catch (IOException unreadable) {
            problems.add(file + ": cannot be read (" + unreadable.getMessage() + ")");
            return null;
        }
    }

    /**
     * The root of a file whose content is at hand, or null if nothing is in it or it is no YAML.
     *
     * @param file its name, for the problems
     * @param problems takes a sentence for each problem
     */
    public static @Nullable YamlNode read(Path file, byte[] content, List<String> problems) {
        return new YamlFile(file, problems).read(content);
    }

    private @Nullable YamlNode read(byte[] content) {
        try {
            LoaderOptions options = new LoaderOptions();
            options.setCodePointLimit(LARGEST);
            Iterator<Event> events = new Yaml(options)
                    .parse(new StringReader(YamlText.of(content)))
                    .iterator();
            return new YamlComposer(events, file.toString(), problems).document();
        } catch (YamlComposer.NoDocumentException bad) {
            problems.add(file + ":" + bad.line() + ":" + bad.column() + ": not YAML (" + bad.getMessage() + ")");
        } catch (MarkedYAMLException bad) {
            problems.add(file + place(bad.getProblemMark()) + ": not YAML (" + YamlErrors.sentence(bad) + ")");
        } catch (ReaderException bad) {
            problems.add(file + ":" + YamlText.lineOf(content, bad.getPosition()) + ":1: not YAML (a control character,"
                    + " number " + bad.getCodePoint() + "; expected: text without one)");
        } catch (YAMLException bad) {
            problems.add(file + ":1:1: not YAML (" + YamlErrors.sentence(bad) + ")");
        } catch (YamlText.NoTextException bad) {
            problems.add(file + ":" + bad.line() + ":1: not YAML (bytes that are no UTF-8; expected: a file in UTF-8)");
        }
        return null;
    }

    private static String place(@Nullable Mark mark) {
        return mark == null ? "" : ":" + (mark.getLine() + 1) + ":" + (mark.getColumn() + 1);
    }
}
