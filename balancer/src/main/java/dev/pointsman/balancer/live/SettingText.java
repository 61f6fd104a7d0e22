package dev.pointsman.balancer.live;

import dev.pointsman.settings.Option;
import dev.pointsman.settings.Setting;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The text of settings, the same for all ways to write the same value. */
final class SettingText {
    private SettingText() {}

    /**
     * The value that counts for a row, its default where none is given.
     *
     * @param counting the settings with its key that are {@linkplain SettingsInForce in force}
     */
    static <T> String value(Option<T> option, List<Setting> counting) {
        if (counting.isEmpty()) {
            return option.defaultText();
        }
        if (option.isMany() || !option.parts().isEmpty()) {
            return joined(counting, Setting::value);
        }
        String text = counting.get(0).value();
        T value = option.form().parse().apply(text);
        return value == null ? text : option.form().write().apply(value);
    }

    /** As {@link #value}, for people: as it is written where a variable's value came in. */
    static String shown(Option<?> option, List<Setting> counting) {
        return counting.stream().noneMatch(SettingText::holdsVariable)
                ? value(option, counting)
                : joined(counting, Setting::written);
    }

    private static String joined(List<Setting> settings, Function<Setting, String> value) {
        return settings.stream().map(setting -> of(setting, value)).collect(Collectors.joining(", "));
    }

    private static boolean holdsVariable(Setting setting) {
        return setting.holdsVariable() || setting.parts().stream().anyMatch(SettingText::holdsVariable);
    }

    /** A value with its name and the settings of its own. */
    private static String of(Setting setting, Function<Setting, String> value) {
        String name = setting.name() == null ? "" : setting.name() + "=";
        String parts = setting.parts().stream()
                .map(part -> part.key() + "=" + of(part, value))
                .collect(Collectors.joining("; "));
        return name + value.apply(setting) + (parts.isEmpty() ? "" : " {" + parts + "}");
    }
}
