package dev.pointsman.balancer.config;

/**
 * One value somebody gave, still as text.
 *
 * @param key the setting's name, as its flag without the dashes: {@code connect-timeout}
 * @param value what was given
 * @param source where, in the words of whoever gave it: {@code --port}, or {@code pointsman.yaml: port}
 */
public record Setting(String key, String value, String source) {
    /** A value given on the command line. */
    public static Setting flag(String key, String value) {
        return new Setting(key, value, "--" + key);
    }
}
