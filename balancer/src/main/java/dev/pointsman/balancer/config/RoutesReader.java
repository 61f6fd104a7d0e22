package dev.pointsman.balancer.config;

import dev.pointsman.balancer.route.Route;
import dev.pointsman.balancer.route.RouteKey;
import dev.pointsman.settings.Setting;
import dev.pointsman.settings.Settings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A reader of all routes of one place: each by itself, and what they have to be together. */
final class RoutesReader {
    private final RouteDefaults defaults;
    private final Settings settings;
    private final Limits limits;

    /**
     * A reader.
     *
     * @param defaults where a route says nothing
     * @param settings those of the configuration; takes the problems
     */
    RoutesReader(RouteDefaults defaults, Settings settings, Limits limits) {
        this.defaults = defaults;
        this.settings = settings;
        this.limits = limits;
    }

    List<Route> read(List<Setting> given) {
        Map<RouteKey, Setting> places = new HashMap<>();
        List<Route> routes = new ArrayList<>();
        for (Setting setting : given) {
            Route route = RouteReader.read(setting, defaults, settings);
            if (route == null) {
                continue;
            }
            Duration response = route.options().response();
            if (response != null) {
                refuseBeyondIdle(new Settings(setting.parts()).last(BalancerSettings.RESPONSE_TIMEOUT.key()), response);
            }
            Setting first = places.putIfAbsent(route.key(), setting);
            if (first == null) {
                routes.add(route);
            } else {
                settings.problem(setting.source() + ": two routes for " + route.key() + ", the other one at "
                        + first.source() + " (expected: one, or a match: that tells them apart)");
            }
        }
        return routes;
    }

    /** @param given where the time was given; null if it is the default */
    void refuseBeyondIdle(@Nullable Setting given, Duration response) {
        if (response.compareTo(limits.idle()) > 0) {
            Setting idle = settings.last(BalancerSettings.IDLE_TIMEOUT.key());
            Setting place = given == null ? idle : given;
            settings.problem((place == null ? "" : place.source() + ": ") + "a response-timeout of "
                    + response.toMillis() + "ms is longer than idle-timeout, "
                    + limits.idle().toMillis()
                    + "ms, which would end the wait first (expected: at most idle-timeout)");
        }
    }
}
