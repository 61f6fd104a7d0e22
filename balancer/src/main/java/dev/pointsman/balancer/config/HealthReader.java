package dev.pointsman.balancer.config;

import dev.pointsman.balancer.route.HealthCheck;
import dev.pointsman.settings.Option;
import dev.pointsman.settings.Setting;
import dev.pointsman.settings.Settings;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A reader of a route's health checks. */
final class HealthReader {
    private HealthReader() {}

    /** Reads the rule; null where there is none. Problems are added to the settings. */
    static @Nullable HealthCheck read(Settings given) {
        String path = given.find(HealthSettings.PATH);
        HealthCheck check = new HealthCheck(
                path == null ? "/" : path,
                interval(given),
                given.get(HealthSettings.TIMEOUT),
                given.get(HealthSettings.FAILS),
                given.get(HealthSettings.PASSES),
                given.get(HealthSettings.STATUS),
                given.get(HealthSettings.HOST));
        if (given.last(HealthSettings.PATH.key()) == null) {
            refuseWithoutPath(given);
        }
        Setting asked = given.last(HealthSettings.PATH.key());
        if (asked != null
                && check.isGrpc()
                && !given.get(TransportSettings.PROTO).isHttp2()) {
            given.problem(asked, "a path, or beside grpc a proto of h2c, h2, grpc or grpcs");
        }
        return path == null ? null : check;
    }

    private static Duration interval(Settings given) {
        Duration interval = given.get(HealthSettings.INTERVAL);
        Setting setting = given.last(HealthSettings.INTERVAL.key());
        if (setting != null && interval.compareTo(HealthCheck.SHORTEST_INTERVAL) < 0) {
            given.problem(setting, "100ms or more");
        }
        return interval;
    }

    private static void refuseWithoutPath(Settings given) {
        for (Option<?> option : HealthSettings.TABLE.options()) {
            Setting setting = given.last(option.key());
            if (setting != null) {
                given.problem(setting.source() + ": nothing is checked without a path (expected: "
                        + HealthSettings.PATH.key() + " beside it, such as /health)");
            }
        }
    }
}
