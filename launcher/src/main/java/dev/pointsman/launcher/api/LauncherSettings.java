package dev.pointsman.launcher.api;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a launcher was told to run, as a services file would say it.
 *
 * @param consul the registry's URL
 * @param advertise the address that is registered, or null where the launcher finds it by itself
 * @param types each with its settings
 */
public record LauncherSettings(String consul, @Nullable String advertise, List<TypeSettings> types) {
    private static final String ENV = "env";

    public LauncherSettings {
        types = List.copyOf(types);
    }

    /**
     * The settings of one type.
     *
     * @param settings by key of the services file: text, a list of text, or a mapping of text
     */
    public record TypeSettings(String type, Map<String, Object> settings) {}

    /** The same without the values of environment variables, which may be secret: only their names. */
    public LauncherSettings withoutValues() {
        return new LauncherSettings(
                consul,
                advertise,
                types.stream()
                        .map(each -> new TypeSettings(each.type(), withoutValues(each.settings())))
                        .toList());
    }

    private static Map<String, Object> withoutValues(Map<String, Object> settings) {
        Map<String, Object> kept = new LinkedHashMap<>(settings);
        if (kept.get(ENV) instanceof Map<?, ?> variables) {
            Map<Object, Object> names = new LinkedHashMap<>();
            variables.keySet().forEach(name -> names.put(name, ""));
            kept.put(ENV, names);
        }
        return kept;
    }
}
