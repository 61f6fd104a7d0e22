package dev.pointsman.settings;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A reader of settings from a file's nodes; the rows of a table say which keys there are and how many values each takes. The
 * values are not judged here, but by the same rows' forms as those of flags. Not thread-safe.
 */
public final class FileSettings {
    private static final String ONE = ": a list, a mapping or nothing (expected: one value)";
    private static final String ONE_OR_LIST =
            ": a mapping or nothing, or a list of such (expected: one value, or a list of them)";
    private static final Pattern ZEROS = Pattern.compile("-?0[0-9]+[kKmMgG]?");
    private static final String PAIRS = ": not a mapping (expected: lines such as NAME: VALUE)";

    private final Path file;
    private final List<String> problems;
    private boolean refusesEmptyLists;

    /** Reads the value of one key in a way of its own. */
    @FunctionalInterface
    public interface ValueReader {
        /**
         * Reads a value.
         *
         * @param context the keys above it: {@code api-service: command}
         * @param into takes its settings
         */
        void read(String context, YamlNode value, List<Setting> into);
    }

    /**
     * A reader for one file.
     *
     * @param problems takes a sentence for each problem
     */
    public FileSettings(Path file, List<String> problems) {
        this.file = file;
        this.problems = problems;
    }

    /**
     * Has empty lists be problems: where the list of those who may do something is made by a template, none must not be read as
     * no list, which lets everyone.
     */
    public FileSettings refusingEmptyLists() {
        refusesEmptyLists = true;
        return this;
    }

    /**
     * Reads the settings of a mapping.
     *
     * @param context the keys above it, empty for the root
     * @param own by key, the readers of values that have a form of their own
     * @param into takes the settings, in the order of the file
     */
    public void read(
            String context,
            YamlNode.YamlMapping mapping,
            OptionTable table,
            Map<String, ValueReader> own,
            List<Setting> into) {
        for (YamlNode.YamlEntry entry : mapping.entries()) {
            String key = entry.key().text();
            String below = context.isEmpty() ? key : context + ": " + key;
            Option<?> option = table.byFileKey(key).orElse(null);
            ValueReader reader = own.get(key);
            if (option == null) {
                problems.add(source(below, entry.key()) + ": " + table.noSuchFileKey(key));
            } else if (reader != null) {
                reader.read(below, entry.value(), into);
            } else {
                value(below, option, entry.value(), into);
            }
        }
    }

    private void value(String context, Option<?> option, YamlNode value, List<Setting> into) {
        if (refusesEmptyLists
                && value instanceof YamlNode.YamlList list
                && list.items().isEmpty()) {
            problem(context, value, "an empty list (expected: one value or more, or no such key)");
            return;
        }
        switch (option.shape()) {
            case LIST -> list(context, option.key(), value, into);
            case MAP -> pairs(context, option.key(), value, into);
            case PARTS -> parts(context, option, value, into);
            case GROUPS -> items(value).forEach(item -> parts(context, option, item, into));
            default -> {
                String text = oneValue(context, value);
                if (text != null) {
                    boolean truth = option.form().words().contains("true");
                    String read = truth ? truth(text) : text;
                    into.add(setting(option.key(), null, read, context, (YamlNode.YamlScalar) value));
                    refuseZeros(context, option, (YamlNode.YamlScalar) value);
                }
            }
        }
    }

    /** 010 is ten for one reader of YAML and eight for another. */
    private void refuseZeros(String context, Option<?> option, YamlNode.YamlScalar value) {
        boolean isNumber =
                option.form().kind() == Form.FormKind.NUMBER || option.form().kind() == Form.FormKind.SIZE;
        if (isNumber && ZEROS.matcher(value.text()).matches()) {
            problem(
                    context,
                    value,
                    "\"" + value.written()
                            + "\" (expected: a number without zeros before it, which some readers of YAML take for"
                            + " an octal one)");
        }
    }

    private void parts(String context, Option<?> option, YamlNode value, List<Setting> into) {
        List<Setting> parts = new ArrayList<>();
        Option<?> main = option.mainPart();
        int before = problems.size();
        if (value instanceof YamlNode.YamlMapping mapping) {
            read(context, mapping, option.partTable(), Map.of(), parts);
        } else if (main != null) {
            value(context, main, value, parts);
        } else {
            problems.add(source(context, value) + ": not a mapping (expected: one with "
                    + String.join(
                            ", ",
                            option.partTable().options().stream()
                                    .map(Option::fileKey)
                                    .toList())
                    + ")");
            return;
        }
        String text = parts.isEmpty() ? "" : parts.get(0).value();
        String written = parts.isEmpty() ? "" : parts.get(0).written();
        if (problems.size() > before) {
            parts.add(Setting.unreadablePart(source(context, value)));
        }
        into.add(new Setting(option.key(), null, text, source(context, value), parts, written));
    }

    private Setting setting(String key, @Nullable String name, String value, String context, YamlNode.YamlScalar node) {
        return new Setting(key, name, value, source(context, node), List.of(), node.shownAs(value));
    }

    /** The words of YAML for true and false become ours, where one of these is wanted: elsewhere {@code no} is text. */
    private static String truth(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "yes", "on" -> "true";
            case "no", "off" -> "false";
            default -> text;
        };
    }

    /** Reads one value, or a list of them. */
    public void list(String context, String key, YamlNode value, List<Setting> into) {
        List<YamlNode> items = items(value);
        for (YamlNode item : items) {
            if (!item.isOneValue()) {
                problems.add(source(context, item) + ONE_OR_LIST);
                return;
            }
        }
        for (YamlNode item : items) {
            YamlNode.YamlScalar one = (YamlNode.YamlScalar) item;
            into.add(setting(key, null, one.text(), context, one));
        }
    }

    private static List<YamlNode> items(YamlNode value) {
        return value instanceof YamlNode.YamlList sequence ? sequence.items() : List.of(value);
    }

    private void pairs(String context, String key, YamlNode value, List<Setting> into) {
        if (!(value instanceof YamlNode.YamlMapping mapping)) {
            problems.add(source(context, value) + PAIRS);
            return;
        }
        for (YamlNode.YamlEntry pair : mapping.entries()) {
            String name = pair.key().text();
            String below = context + ": " + name;
            String text = oneValue(below, pair.value());
            if (text != null) {
                into.add(setting(key, name, text, below, (YamlNode.YamlScalar) pair.value()));
            }
        }
    }

    /** The text of a node that has to be one value; null, and a problem, if it is not. */
    public @Nullable String oneValue(String context, YamlNode value) {
        if (value instanceof YamlNode.YamlScalar scalar && value.isOneValue()) {
            return scalar.text();
        }
        problems.add(source(context, value) + ONE);
        return null;
    }

    /** The position of a node, with the keys above it: {@code services.yaml:7:3: api-service: tags}. */
    public String source(String context, YamlNode node) {
        return file + ":" + node.line() + ":" + node.column() + ": " + context;
    }

    /** Adds a problem with a node. */
    public void problem(String context, YamlNode node, String sentence) {
        problems.add(source(context, node) + ": " + sentence);
    }
}
