package dev.pointsman.settings;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One value somebody gave, still as text. A key may be given several times: of one that takes one value the last counts, of
 * one that takes many (such as {@code tag}) all do.
 *
 * @param key the setting's name, as its flag without the dashes: {@code connect-timeout}
 * @param value what was given
 * @param source where, in the words of whoever gave it: {@code --port}, or {@code services.yaml: api-service: tags}
 */
public record Setting(String key, String value, String source) {
    /** A value given on the command line. */
    public static Setting flag(String key, String value) {
        return new Setting(key, value, "--" + key);
    }

    /** Adds a value given on the command line, if there is one. */
    public static void addFlag(List<Setting> to, String key, @Nullable String value) {
        if (value != null) {
            to.add(flag(key, value));
        }
    }
}
