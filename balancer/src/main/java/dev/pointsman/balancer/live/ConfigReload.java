package dev.pointsman.balancer.live;

import dev.pointsman.balancer.config.BalancerSettings;
import dev.pointsman.balancer.config.ConfigReading.ConfigPlaces;
import dev.pointsman.balancer.config.NamedFile;
import dev.pointsman.balancer.config.ReadConfig;
import dev.pointsman.settings.Option;
import dev.pointsman.settings.Setting;
import dev.pointsman.settings.Settings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The decision what a newly read configuration changes: {@link Option#reloadable()} says of each setting whether it can
 * change while the balancer runs. Pure.
 */
public final class ConfigReload {
    private final Settings running;
    private final Settings fresh;
    private final List<String> changes = new ArrayList<>();
    private final List<String> atNextStart = new ArrayList<>();

    private ConfigReload(Settings running, Settings fresh) {
        this.running = running;
        this.fresh = fresh;
    }

    /**
     * Compares a newly read configuration with the one in force.
     *
     * @param running with the settings in force, as they came out of the last plan
     */
    public static ReloadPlan plan(ReadConfig running, ReadConfig fresh) {
        ConfigReload reload = new ConfigReload(new Settings(running.settings()), new Settings(fresh.settings()));
        reload.files(running.places(), fresh.places());
        return reload.plan();
    }

    /** Files that settings name as before, with something else in them. */
    private void files(ConfigPlaces before, ConfigPlaces now) {
        for (NamedFile file : now.named()) {
            boolean known =
                    before.named().stream().anyMatch(other -> other.path().equals(file.path()));
            if (known && !before.named().contains(file)) {
                changes.add(file.path() + ": read again");
            }
        }
    }

    private ReloadPlan plan() {
        for (Option<?> option : BalancerSettings.TABLE.options()) {
            if (option.key().equals(BalancerSettings.ROUTE_KEY)) {
                routes();
            } else if (!option.key().equals(BalancerSettings.INCLUDE_KEY)) {
                compare(option);
            }
        }
        List<Setting> fixed = fixed(running);
        boolean isAsRead = Setting.sayAs(fixed, fixed(fresh));
        return new ReloadPlan(
                changes,
                atNextStart,
                isAsRead,
                isAsRead
                        ? fresh.all()
                        : Stream.concat(
                                        fresh.all().stream().filter(setting -> isReloadable(setting.key())),
                                        fixed.stream())
                                .toList());
    }

    /** The settings that cannot change while the balancer runs. */
    private static List<Setting> fixed(Settings settings) {
        return settings.all().stream()
                .filter(setting -> !isReloadable(setting.key()))
                .toList();
    }

    private static boolean isReloadable(String key) {
        return BalancerSettings.TABLE.byKey(key).map(Option::reloadable).orElse(true);
    }

    private void compare(Option<?> option) {
        List<Setting> ran = SettingsInForce.of(option, running);
        List<Setting> runs = SettingsInForce.of(option, fresh);
        String before = SettingText.value(option, ran);
        String now = SettingText.value(option, runs);
        if (before.equals(now)) {
            return;
        }
        boolean shown = !option.secret();
        before = SettingText.shown(option, ran);
        now = SettingText.shown(option, runs);
        if (option.reloadable()) {
            changes.add(option.key() + ": " + (shown ? now + " (was " + before + ")" : "another value"));
        } else {
            atNextStart.add(option.key() + ": " + (shown ? now + " (running with " + before + ")" : "another value")
                    + " takes effect at the next start");
        }
    }

    /** The routes by their keys; the command line's, if there are any, are all that count and never change. */
    private void routes() {
        if (fresh.all(BalancerSettings.ROUTE_KEY).stream().anyMatch(Setting::isFlag)) {
            return;
        }
        Map<String, List<Setting>> before = byKey(running);
        Map<String, List<Setting>> now = byKey(fresh);
        Set<String> keys = new LinkedHashSet<>(before.keySet());
        keys.addAll(now.keySet());
        for (String key : keys) {
            List<Setting> old = before.get(key);
            List<Setting> given = now.get(key);
            if (old == null) {
                changes.add("route " + key + ": new");
            } else if (given == null) {
                changes.add("route " + key + ": removed");
            } else if (!Setting.sayAs(old, given)) {
                changes.add("route " + key + ": changed");
            }
        }
    }

    private static Map<String, List<Setting>> byKey(Settings settings) {
        Map<String, List<Setting>> routes = new LinkedHashMap<>();
        for (Setting setting : settings.all(BalancerSettings.ROUTE_KEY)) {
            String name = setting.name();
            if (name != null) {
                routes.computeIfAbsent(name, key -> new ArrayList<>(1)).add(setting);
            }
        }
        return routes;
    }
}
