package dev.pointsman.balancer.live;

import dev.pointsman.balancer.config.BalancerSettings;
import dev.pointsman.settings.Option;
import dev.pointsman.settings.Option.Shape;
import dev.pointsman.settings.Setting;
import dev.pointsman.settings.Settings;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/** The settings that count: those that others overrule, mostly a file's that a flag replaces, are left out. */
final class SettingsInForce {
    private SettingsInForce() {}

    /** Those that count of all that were given, in their order. */
    static List<Setting> of(Collection<Setting> given) {
        Settings all = new Settings(given);
        Set<Setting> counting = Collections.newSetFromMap(new IdentityHashMap<>());
        given.stream().map(Setting::key).distinct().forEach(key -> BalancerSettings.TABLE
                .byKey(key)
                .ifPresentOrElse(option -> counting.addAll(of(option, all)), () -> counting.addAll(all.all(key))));
        return given.stream().filter(counting::contains).toList();
    }

    /** Those that count of one row: of one value the last, of routes and ports the command line's if it has any. */
    static List<Setting> of(Option<?> option, Settings settings) {
        if (option.shape() == Shape.GROUPS || option.shape() == Shape.NESTED) {
            return settings.inForce(option.key());
        }
        if (option.isMany()) {
            return settings.all(option.key());
        }
        Setting last = settings.last(option.key());
        return last == null ? List.of() : List.of(last);
    }
}
