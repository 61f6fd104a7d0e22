package dev.pointsman.settings;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.events.AliasEvent;
import org.yaml.snakeyaml.events.CollectionStartEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.Event.ID;
import org.yaml.snakeyaml.events.NodeEvent;
import org.yaml.snakeyaml.events.ScalarEvent;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * A composer of one document's nodes from the events of the parser. The parser's own would keep, for each value, both ends and
 * the text around it: several times what the values take, and a large file is read again while requests run, which the
 * collections of that garbage would stop. Not thread-safe.
 */
final class YamlComposer {
    /** Deeper than any setting is; what is deeper would use up the stack. */
    private static final int DEEPEST = 50;

    /** How many lists and mappings may be used a second time: what is read of them is there each time. */
    private static final int MOST_ALIASES = 50;

    /** An integer of YAML 1.1. */
    private static final Pattern DIGITS = Pattern.compile("[-+]?[0-9][0-9_]*");

    private static final Set<String> NULLS = Set.of("", "~", "null", "Null", "NULL");
    private static final Set<String> PLAIN_TAGS = Set.of(
            Tag.STR.getValue(),
            Tag.INT.getValue(),
            Tag.FLOAT.getValue(),
            Tag.BOOL.getValue(),
            Tag.NULL.getValue(),
            Tag.TIMESTAMP.getValue(),
            Tag.SEQ.getValue(),
            Tag.MAP.getValue(),
            "!");

    private final Iterator<Event> events;
    private final String file;
    private final List<String> problems;

    /** By their anchors; null for a list or a mapping that has not ended. */
    private final Map<String, @Nullable YamlNode> anchored = new HashMap<>();

    private int aliases;

    /** Thrown for events that make no document. */
    static final class NoDocumentException extends Exception {
        private static final long serialVersionUID = 1;
        private final int line;
        private final int column;

        private NoDocumentException(Mark mark, String sentence) {
            super(sentence);
            this.line = mark.getLine() + 1;
            this.column = mark.getColumn() + 1;
        }

        int line() {
            return line;
        }

        int column() {
            return column;
        }
    }

    /**
     * A composer.
     *
     * @param file its name, for the problems
     * @param problems takes a sentence for each value that is not allowed
     */
    YamlComposer(Iterator<Event> events, String file, List<String> problems) {
        this.events = events;
        this.file = file;
        this.problems = problems;
    }

    /** The root, or null if there is nothing in the document. */
    @Nullable
    YamlNode document() throws NoDocumentException {
        events.next();
        if (events.next().is(ID.StreamEnd)) {
            return null;
        }
        Event first = events.next();
        YamlNode root = node(first, 0);
        events.next();
        Event end = events.next();
        if (!end.is(ID.StreamEnd)) {
            throw new NoDocumentException(
                    end.getStartMark(),
                    "expected a single document in the stream, but found another document; expected: one document,"
                            + " without a second ---");
        }
        return first instanceof ScalarEvent scalar && isNull(scalar) ? null : root;
    }

    private YamlNode node(Event event, int depth) throws NoDocumentException {
        Mark mark = event.getStartMark();
        if (event instanceof AliasEvent alias) {
            return anchor(alias);
        }
        if (depth == DEEPEST) {
            throw new NoDocumentException(
                    mark, "lists and mappings within each other, deeper than " + DEEPEST + "; expected: fewer");
        }
        int line = mark.getLine() + 1;
        int column = mark.getColumn() + 1;
        String anchor = ((NodeEvent) event).getAnchor();
        if (anchor != null) {
            anchored.put(anchor, null);
        }
        YamlNode read;
        if (event instanceof ScalarEvent scalar) {
            refuseType(scalar.getTag(), mark);
            read = scalar(scalar, line, column);
        } else {
            refuseType(((CollectionStartEvent) event).getTag(), mark);
            read = event.is(ID.MappingStart)
                    ? new YamlNode.YamlMapping(entries(depth + 1), line, column)
                    : new YamlNode.YamlList(items(depth + 1), line, column);
        }
        if (anchor != null) {
            anchored.put(anchor, read);
        }
        return read;
    }

    private YamlNode anchor(AliasEvent alias) throws NoDocumentException {
        Mark mark = alias.getStartMark();
        String name = alias.getAnchor();
        if (!anchored.containsKey(name)) {
            throw new NoDocumentException(
                    mark, "found undefined alias " + name + "; expected: the name of an anchor further above");
        }
        YamlNode known = anchored.get(name);
        if (known == null) {
            problem(mark, "a value that contains itself (expected: no such alias)");
            return new YamlNode.YamlScalar("", true, mark.getLine() + 1, mark.getColumn() + 1);
        }
        if (!(known instanceof YamlNode.YamlScalar) && ++aliases > MOST_ALIASES) {
            throw new NoDocumentException(
                    mark,
                    "more than " + MOST_ALIASES + " aliases of lists and mappings; expected: fewer, as they could make"
                            + " a short file endless");
        }
        return known;
    }

    private void refuseType(@Nullable String tag, Mark mark) {
        if (tag != null && !PLAIN_TAGS.contains(tag)) {
            problem(
                    mark,
                    "a type of YAML's own, " + tag + " (expected: a value without a type such as !!binary or !name)");
        }
    }

    private List<YamlNode> items(int depth) throws NoDocumentException {
        List<YamlNode> items = new ArrayList<>();
        for (Event event = events.next(); !event.is(ID.SequenceEnd); event = events.next()) {
            items.add(node(event, depth));
        }
        return items;
    }

    private List<YamlNode.YamlEntry> entries(int depth) throws NoDocumentException {
        List<YamlNode.YamlEntry> entries = new ArrayList<>();
        Map<String, YamlNode> first = new HashMap<>();
        for (Event event = events.next(); !event.is(ID.MappingEnd); event = events.next()) {
            YamlNode key = node(event, depth);
            YamlNode value = node(events.next(), depth);
            if (!(key instanceof YamlNode.YamlScalar name)) {
                problem(event.getStartMark(), "a list or a mapping as a key (expected: one value)");
                continue;
            }
            if (event instanceof ScalarEvent scalar
                    && scalar.isPlain()
                    && name.text().equals("<<")) {
                problem(
                        event.getStartMark(),
                        "<< merges mappings in YAML 1.1 and is a key like any other in YAML 1.2 (expected: the keys"
                                + " themselves)");
                continue;
            }
            YamlNode before = first.putIfAbsent(name.text(), key);
            if (before == null) {
                entries.add(new YamlNode.YamlEntry(name, value));
            } else {
                problem(
                        event.getStartMark(),
                        name.text() + " stands twice, the first time in line " + before.line()
                                + " (expected: each key once)");
            }
        }
        return entries;
    }

    /**
     * A scalar as text; numbers and truth values in forms that only YAML has (1_000, True) are written in ours. A key
     * without a value has the empty text, as in {@code DEBUG:} below {@code env}; only what is written as nothing is nothing.
     */
    private static YamlNode.YamlScalar scalar(ScalarEvent event, int line, int column) {
        String text = event.getValue();
        if (event.isPlain()) {
            if (text.indexOf('_') >= 0 && DIGITS.matcher(text).matches()) {
                text = text.replace("_", "");
            } else if (text.equalsIgnoreCase("true") || text.equalsIgnoreCase("false")) {
                text = text.toLowerCase(Locale.ROOT);
            }
        }
        return new YamlNode.YamlScalar(text, !text.isEmpty() && isNull(event), line, column);
    }

    private static boolean isNull(ScalarEvent event) {
        if (!event.isPlain()) {
            return false;
        }
        String tag = event.getTag();
        return tag == null ? NULLS.contains(event.getValue()) : tag.equals(Tag.NULL.getValue());
    }

    private void problem(Mark mark, String sentence) {
        problems.add(file + ":" + (mark.getLine() + 1) + ":" + (mark.getColumn() + 1) + ": " + sentence);
    }
}
