package dev.pointsman.settings;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One value that was given for a setting, still as text, with its source. A key may be given several times: of a setting
 * that takes one value the last counts; where many may be given (such as {@code tag}), all do. Immutable.
 *
 * @param key the setting's key: {@code connect-timeout}
 * @param name of an entry of a mapping, as a file has it: {@code /api} below {@code route}, {@code NODE_ENV} below
 *     {@code env}; null for a value that stands alone, as all flags do
 * @param value the text that was given
 * @param source where: {@code --port}, or {@code services.yaml:7:3: api-service: tags}
 * @param parts settings of its own that a nested value has, such as the options of a route
 * @param written the value as it is shown to people: with {@code ${NAME}} where a variable's value came in, which may be a
 *     secret
 */
public record Setting(
        String key, @Nullable String name, String value, String source, List<Setting> parts, String written) {
    public Setting {
        parts = List.copyOf(parts);
    }

    /** A value that holds no variable's. */
    public Setting(String key, @Nullable String name, String value, String source, List<Setting> parts) {
        this(key, name, value, source, parts, value);
    }

    /** A value with a source and no key above it. */
    public Setting(String key, String value, String source) {
        this(key, null, value, source, List.of());
    }

    /** A value given on the command line. */
    public static Setting flag(String key, String value) {
        return new Setting(key, value, "--" + key);
    }

    /** Whether a variable's value is in it. */
    public boolean holdsVariable() {
        return !written.equals(value);
    }

    /** Whether another setting says the same, wherever it stands. */
    public boolean saysAs(Setting other) {
        return key.equals(other.key)
                && Objects.equals(name, other.name)
                && value.equals(other.value)
                && sayAs(parts, other.parts);
    }

    /** Whether settings say the same as others one by one, wherever they stand. */
    public static boolean sayAs(List<Setting> some, List<Setting> others) {
        if (some.size() != others.size()) {
            return false;
        }
        for (int i = 0; i < some.size(); i++) {
            if (!some.get(i).saysAs(others.get(i))) {
                return false;
            }
        }
        return true;
    }

    /**
     * The part that stands for one of a value which could not be read, as its name is none, say. That has been told: who misses
     * something in the value need not tell so, too.
     */
    public static Setting unreadablePart(String source) {
        return new Setting("", "", source);
    }

    /** Whether all of its parts could be read. */
    public boolean isComplete() {
        for (Setting part : parts) {
            if (part.key().isEmpty()) {
                return false;
            }
        }
        return true;
    }

    /** Whether the value was given on the command line, and not in a file. */
    public boolean isFlag() {
        return source.startsWith("--");
    }
}
