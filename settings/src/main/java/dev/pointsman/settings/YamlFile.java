package dev.pointsman.settings;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.reader.ReaderException;

/**
 * A reader of a YAML file into nodes with their line and column. Values stay text, as written: {@code 1.10} is not 1.1.
 * An alias is the node that its anchor names. A key that stands twice is a problem, since it would otherwise be settled
 * in silence.
 */
public final class YamlFile {
    /** In characters: room for far more than 10,000 routes. */
    private static final int LARGEST = 32 * 1024 * 1024;

    private static final Set<Tag> PLAIN_TAGS =
            Set.of(Tag.STR, Tag.INT, Tag.FLOAT, Tag.BOOL, Tag.NULL, Tag.TIMESTAMP, Tag.MERGE, Tag.SEQ, Tag.MAP);

    /** An integer of YAML 1.1. */
    private static final Pattern DIGITS = Pattern.compile("[-+]?[0-9][0-9_]*");

    private final Path file;
    private final List<String> problems;

    /** Lists and mappings that are made already, for aliases; null while one is being made. */
    private final IdentityHashMap<Node, @Nullable YamlNode> made = new IdentityHashMap<>();

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
            Node root = new Yaml(options).compose(new StringReader(YamlText.of(content)));
            // A document of nothing, as behind a lone "---", has a root all the same.
            return root == null || root.getTag().equals(Tag.NULL) ? null : node(root);
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

    private YamlNode node(Node node) {
        Mark mark = node.getStartMark();
        int line = mark.getLine() + 1;
        int column = mark.getColumn() + 1;
        boolean isOne = node instanceof ScalarNode;
        if (!isOne && made.containsKey(node)) {
            YamlNode known = made.get(node);
            if (known == null) {
                problems.add(file + place(mark) + ": a value that contains itself (expected: no such alias)");
                return new YamlNode.YamlScalar("", true, line, column);
            }
            return known;
        }
        if (!PLAIN_TAGS.contains(node.getTag())) {
            problems.add(file + place(mark) + ": a type of YAML's own, "
                    + node.getTag().getValue() + " (expected: a value without a type such as !!binary or !name)");
        }
        if (isOne) {
            return scalar((ScalarNode) node, line, column);
        }
        made.put(node, null);
        YamlNode read;
        if (node instanceof MappingNode mapping) {
            read = new YamlNode.YamlMapping(entries(mapping), line, column);
        } else {
            read = new YamlNode.YamlList(
                    ((SequenceNode) node).getValue().stream().map(this::node).toList(), line, column);
        }
        made.put(node, read);
        return read;
    }

    private List<YamlNode.YamlEntry> entries(MappingNode mapping) {
        List<YamlNode.YamlEntry> entries = new ArrayList<>();
        Map<String, YamlNode> first = new HashMap<>();
        for (NodeTuple tuple : mapping.getValue()) {
            YamlNode key = node(tuple.getKeyNode());
            YamlNode value = node(tuple.getValueNode());
            String where = file + ":" + key.line() + ":" + key.column() + ": ";
            if (!(key instanceof YamlNode.YamlScalar name)) {
                problems.add(where + "a list or a mapping as a key (expected: one value)");
                continue;
            }
            if (tuple.getKeyNode().getTag().equals(Tag.MERGE)) {
                problems.add(where + "<< merges mappings in YAML 1.1 and is a key like any other in YAML 1.2"
                        + " (expected: the keys themselves)");
                continue;
            }
            YamlNode before = first.putIfAbsent(name.text(), key);
            if (before == null) {
                entries.add(new YamlNode.YamlEntry(name, value));
            } else {
                problems.add(where + name.text() + " stands twice, the first time in line " + before.line()
                        + " (expected: each key once)");
            }
        }
        return entries;
    }

    /**
     * A scalar as text; numbers and truth values in forms that only YAML has (1_000, True) are written in ours. A key
     * without a value has the empty text, as in {@code DEBUG:} below {@code env}; only what is written as nothing is nothing.
     */
    private static YamlNode.YamlScalar scalar(ScalarNode node, int line, int column) {
        String text = node.getValue();
        boolean plain = node.isPlain();
        if (plain && DIGITS.matcher(text).matches()) {
            text = text.replace("_", "");
        } else if (plain && (text.equalsIgnoreCase("true") || text.equalsIgnoreCase("false"))) {
            text = text.toLowerCase(Locale.ROOT);
        }
        boolean isNull = plain && !text.isEmpty() && node.getTag().equals(Tag.NULL);
        return new YamlNode.YamlScalar(text, isNull, line, column);
    }
}
