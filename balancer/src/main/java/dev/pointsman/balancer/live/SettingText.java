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
     * @param all the settings with its key
     */
    static <T> String value(Option<T> option, List<Setting> all) {
        if (all.isEmpty()) {
            return option.defaultText();
        }
        if (option.isMany() || !option.parts().isEmpty()) {
            return all.stream().map(setting -> of(setting, Setting::value)).collect(Collectors.joining(", "));
        }
        String text = all.get(all.size() - 1).value();
        T value = option.form().parse().apply(text);
        return value == null ? text : option.form().write().apply(value);
    }

    /** As {@link #value}, for people: as it is written where a variable's value came in. */
    static String shown(Option<?> option, List<Setting> all) {
        boolean many = option.isMany() || !option.parts().isEmpty();
        List<Setting> counting = many || all.isEmpty() ? all : all.subList(all.size() - 1, all.size());
        return counting.stream().noneMatch(SettingText::holdsVariable)
                ? value(option, all)
                : counting.stream()
                        .map(setting -> of(setting, Setting::written))
                        .collect(Collectors.joining(", "));
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
