package dev.pointsman.launcher.plan;

/**
 * One value somebody gave, still as text. A key may be given several times: of one that takes one value the last counts, of
 * one that takes many (such as {@code tag}) all do.
 *
 * @param key the setting's name, as its flag without the dashes: {@code start-timeout}
 * @param value what was given; {@code NAME=VALUE} for {@code env} and {@code meta}
 * @param source where, in the words of whoever gave it: {@code --tag}, or {@code services.yaml: api-service: tags}
 */
public record Setting(String key, String value, String source) {
    /** A value given on the command line. */
    public static Setting flag(String key, String value) {
        return new Setting(key, value, "--" + key);
    }
}
