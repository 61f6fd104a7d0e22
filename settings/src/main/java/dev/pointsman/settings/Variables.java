package dev.pointsman.settings;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Environment variables in the values of a file: {@code ${NAME}}, or {@code ${NAME:-default}} for a variable that may be
 * unset or empty, as in a shell. {@code $$} is a dollar; one before anything but a brace stays as it is. The default
 * is text up to the first closing brace. Keys stay as they are written: a key that depends on the environment would
 * make two files of one, and no editor could check either. Not thread-safe.
 */
public final class Variables {
    private static final Pattern DOLLAR = Pattern.compile("\\$(\\$|\\{([^}]*)}|\\{)");
    private static final Pattern REFERENCE = Pattern.compile("([A-Za-z_][A-Za-z0-9_]*)(?::-(.*))?", Pattern.DOTALL);
    private static final String EXPECTED = "${NAME} or ${NAME:-default}, with letters, digits and _ in the name, or $${"
            + " where ${ is meant as it stands";

    private final String file;
    /** Null where variables are not read. */
    private final @Nullable Map<String, String> environment;

    private final List<String> problems;

    /** Where references stand that have no value; what is read there is no setting. */
    private final Set<String> broken = new HashSet<>();

    /** Lists and mappings that were read already: an alias is its anchor's node, and there may be many of one. */
    private final IdentityHashMap<YamlNode, YamlNode> read = new IdentityHashMap<>();

    /**
     * Variables for one file.
     *
     * @param environment null where no variable may be read, and each that has no default is a problem
     * @param problems takes a sentence for each variable that is not set and each reference that is none
     */
    public Variables(String file, @Nullable Map<String, String> environment, List<String> problems) {
        this.file = file;
        this.environment = environment == null ? null : Map.copyOf(environment);
        this.problems = problems;
    }

    /** The node with the values of variables in its own values and in all below it. */
    public YamlNode in(YamlNode node) {
        if (node instanceof YamlNode.YamlScalar scalar) {
            return in(scalar);
        }
        YamlNode known = read.get(node);
        if (known != null) {
            return known;
        }
        YamlNode result;
        if (node instanceof YamlNode.YamlMapping mapping) {
            result = in(mapping);
        } else {
            YamlNode.YamlList list = (YamlNode.YamlList) node;
            result = new YamlNode.YamlList(list.items().stream().map(this::in).toList(), list.line(), list.column());
        }
        read.put(node, result);
        return result;
    }

    /** The same mapping where nothing in it is another value: there may be very many. */
    private YamlNode.YamlMapping in(YamlNode.YamlMapping mapping) {
        List<YamlNode.YamlEntry> entries = new ArrayList<>(mapping.entries().size());
        boolean same = true;
        for (YamlNode.YamlEntry entry : mapping.entries()) {
            YamlNode value = in(entry.value());
            same &= value == entry.value();
            entries.add(value == entry.value() ? entry : new YamlNode.YamlEntry(entry.key(), value));
        }
        return same ? mapping : new YamlNode.YamlMapping(entries, mapping.line(), mapping.column());
    }

    private YamlNode.YamlScalar in(YamlNode.YamlScalar scalar) {
        if (scalar.text().indexOf('$') < 0) {
            return scalar;
        }
        StringBuilder text = new StringBuilder();
        boolean anyVariable = false;
        Matcher found = DOLLAR.matcher(scalar.text());
        while (found.find()) {
            anyVariable |= !found.group(1).equals("$");
            String value = found.group(1).equals("$") ? "$" : value(found.group(), found.group(2), scalar);
            found.appendReplacement(text, Matcher.quoteReplacement(value == null ? found.group() : value));
        }
        found.appendTail(text);
        String read = text.toString();
        return new YamlNode.YamlScalar(read, false, scalar.line(), scalar.column(), anyVariable ? scalar.text() : read);
    }

    private @Nullable String value(String whole, @Nullable String inner, YamlNode.YamlScalar scalar) {
        Matcher reference = REFERENCE.matcher(inner == null ? "" : inner);
        if (!reference.matches()
                || (reference.group(2) != null && reference.group(2).contains("${"))) {
            problem(scalar, "\"" + whole + "\" (expected: " + EXPECTED + ")");
            return null;
        }
        String name = reference.group(1);
        String otherwise = reference.group(2);
        String value = environment == null ? null : environment.get(name);
        if (otherwise != null) {
            return value == null || value.isEmpty() ? otherwise : value;
        }
        if (environment == null) {
            problem(
                    scalar,
                    "\"${" + name + "}\": variables are not read here (expected: a value, or a default as in ${" + name
                            + ":-value})");
        } else if (value == null) {
            problem(
                    scalar,
                    "\"${" + name + "}\": the environment has no variable " + name
                            + " (expected: one, or a default as in ${" + name + ":-value})"
                            + NearestName.hint(name, environment.keySet()));
        }
        return value;
    }

    /** The settings without those whose value could not be found, so that nothing more is said about these. */
    public List<Setting> usable(List<Setting> settings) {
        if (broken.isEmpty()) {
            return settings;
        }
        return settings.stream()
                .filter(setting -> broken.stream().noneMatch(setting.source()::startsWith))
                .map(setting -> setting.parts().isEmpty()
                        ? setting
                        : new Setting(
                                setting.key(),
                                setting.name(),
                                setting.value(),
                                setting.source(),
                                usable(setting.parts()),
                                setting.written()))
                .toList();
    }

    private void problem(YamlNode.YamlScalar scalar, String sentence) {
        String place = file + ":" + scalar.line() + ":" + scalar.column() + ": ";
        broken.add(place);
        problems.add(place + sentence);
    }
}
