package dev.pointsman.settings;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The values that were given for settings, read by the rows that declare them. Problems are collected instead of ending the
 * reading at the first: a value that cannot be read counts as not given. The last value given for a key counts, so that a
 * file, which comes first, can be overruled by a flag. Not thread-safe.
 */
public final class Settings {
    private static final int LONGEST_SHOWN = 120;

    /** So many are looked through faster than put into a map, as a route has them. */
    private static final int FEW = 8;

    private final List<Setting> given;
    /** Where there are many, so that a look for one does not depend on their number: routes are settings, too. */
    private final @Nullable Map<String, List<Setting>> byKey;

    private final List<String> problems;

    /** Values without a problem so far. */
    public Settings(Collection<Setting> given) {
        this(given, new ArrayList<>());
    }

    /**
     * Values whose problems join those that were found elsewhere.
     *
     * @param problems takes a sentence for each problem
     */
    public Settings(Collection<Setting> given, List<String> problems) {
        this.given = List.copyOf(given);
        this.problems = problems;
        this.byKey = given.size() > FEW ? this.given.stream().collect(Collectors.groupingBy(Setting::key)) : null;
    }

    /** A sentence for each problem that was found so far. */
    public List<String> problems() {
        return problems;
    }

    /** Adds the problem that a value is not what was expected. */
    public void problem(Setting setting, String expected) {
        problem(setting, shown(setting.written()), expected, "");
    }

    private void problem(Setting setting, String value, String expected, String hint) {
        problem(setting.source() + ": " + value + " (expected: " + expected + ")" + hint);
    }

    /** A value as it is shown in a sentence: quoted, in one line, and cut off where it is long. */
    public static String shown(String value) {
        String line = value.replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t");
        return line.length() <= LONGEST_SHOWN ? "\"" + line + "\"" : "\"" + line.substring(0, LONGEST_SHOWN) + "...\"";
    }

    public void problem(String sentence) {
        problems.add(sentence);
    }

    public List<Setting> all() {
        return given;
    }

    public List<Setting> all(String key) {
        if (byKey != null) {
            return Collections.unmodifiableList(byKey.getOrDefault(key, List.of()));
        }
        return last(key) == null
                ? List.of()
                : given.stream().filter(setting -> setting.key().equals(key)).toList();
    }

    /** Those that count of a setting that may be given several times: where the command line has any, none of the file's. */
    public List<Setting> inForce(String key) {
        List<Setting> all = all(key);
        return all.stream().anyMatch(Setting::isFlag)
                ? all.stream().filter(Setting::isFlag).toList()
                : all;
    }

    /** The value that counts, or null if none was given. */
    public @Nullable Setting last(String key) {
        List<Setting> among = byKey == null ? given : byKey.getOrDefault(key, List.of());
        for (int i = among.size() - 1; i >= 0; i--) {
            if (among.get(i).key().equals(key)) {
                return among.get(i);
            }
        }
        return null;
    }

    /** The value of a setting, or its default where none is given or the given one cannot be read. */
    public <T> T get(Option<T> option) {
        return get(option, option.defaultValue());
    }

    /** The value of a setting whose default depends on something else. */
    public <T> T get(Option<T> option, T otherwise) {
        T value = find(option);
        return value == null ? otherwise : value;
    }

    /** The value of a setting, or null where none is given or the given one cannot be read. */
    public <T> @Nullable T find(Option<T> option) {
        Setting setting = last(option.key());
        if (setting == null) {
            return null;
        }
        T value = option.form().parse().apply(setting.value());
        if (value == null) {
            boolean secret = option.secret();
            problem(
                    setting,
                    secret ? "a value that is not shown" : shown(setting.written()),
                    option.form().expected(),
                    secret || setting.holdsVariable() ? "" : NearestName.hint(setting.value(), words(option.form())));
        }
        return value;
    }

    /** The words that may have been meant; of a choice some of whose words have a parameter, those it names. */
    private static List<String> words(Form<?> form) {
        return form.words().isEmpty() && form.kind() == Form.FormKind.CHOICE
                ? List.of(form.expected().split(", | or "))
                : form.words();
    }

    /** All values of a setting that may have several, without those that cannot be read. */
    public <T> List<T> each(Option<T> option) {
        List<Setting> all = all(option.key());
        List<T> values = new ArrayList<>(all.size());
        for (Setting setting : all) {
            T value = option.form().parse().apply(setting.value());
            if (value == null) {
                problem(setting, option.form().expected());
            } else {
                values.add(value);
            }
        }
        return values;
    }

    /** The usable entries of a setting that is a mapping, each with where it stood. */
    public List<Map.Entry<Setting, Map.Entry<String, String>>> pairs(String key) {
        List<Map.Entry<Setting, Map.Entry<String, String>>> pairs = new ArrayList<>();
        for (Setting setting : all(key)) {
            String name = setting.name();
            int equals = setting.value().indexOf('=');
            if (name != null) {
                pairs.add(Map.entry(setting, Map.entry(name, setting.value())));
            } else if (equals < 1) {
                problem(setting, "NAME=VALUE");
            } else {
                pairs.add(Map.entry(
                        setting,
                        Map.entry(
                                setting.value().substring(0, equals),
                                setting.value().substring(equals + 1))));
            }
        }
        return pairs;
    }
}
