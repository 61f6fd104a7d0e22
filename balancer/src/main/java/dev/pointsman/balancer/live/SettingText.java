package dev.pointsman.balancer.live;

import dev.pointsman.settings.Option;
import dev.pointsman.settings.Setting;
import java.util.List;
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
            return all.stream().map(SettingText::of).collect(Collectors.joining(", "));
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
                : counting.stream().map(setting -> of(asWritten(setting))).collect(Collectors.joining(", "));
    }

    private static boolean holdsVariable(Setting setting) {
        return setting.holdsVariable() || setting.parts().stream().anyMatch(SettingText::holdsVariable);
    }

    private static Setting asWritten(Setting setting) {
        List<Setting> parts =
                setting.parts().stream().map(SettingText::asWritten).toList();
        return new Setting(setting.key(), setting.name(), setting.written(), setting.source(), parts);
    }

    /** A value with its name and the settings of its own. */
    static String of(Setting setting) {
        String name = setting.name() == null ? "" : setting.name() + "=";
        String parts = setting.parts().stream()
                .map(part -> part.key() + "=" + of(part))
                .collect(Collectors.joining("; "));
        return name + setting.value() + (parts.isEmpty() ? "" : " {" + parts + "}");
    }
}
