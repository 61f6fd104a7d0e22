package dev.pointsman.balancer.config;

import dev.pointsman.balancer.route.Route;
import dev.pointsman.balancer.route.RouteOptions;
import dev.pointsman.settings.Setting;
import dev.pointsman.settings.Settings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads a route: {@code PREFIX=TAG}, and behind it any number of {@code ;option=value}. */
final class RouteReader {
    private static final Set<String> OWN_OPTIONS =
            Set.of("host", "strip-prefix", "add-prefix", "response-timeout", "max-body");

    private static final Set<String> OPTIONS = Stream.concat(OWN_OPTIONS.stream(), PoolReader.KEYS.stream())
            .collect(Collectors.toCollection(TreeSet::new));

    private final Setting setting;
    private final Settings settings;

    private RouteReader(Setting setting, Settings settings) {
        this.setting = setting;
        this.settings = settings;
    }

    /**
     * The route, or null if it is none; what is wrong with it is said to {@code settings}. How it picks is as the settings
     * say for all routes, where it does not say otherwise itself.
     */
    static @Nullable Route read(Setting setting, Settings settings) {
        return new RouteReader(setting, settings).read();
    }

    private @Nullable Route read() {
        String[] parts = setting.value().split(";", -1);
        int equals = parts[0].indexOf('=');
        if (equals < 0) {
            settings.problem(setting, "PREFIX=TAG, such as /api=api-service");
            return null;
        }
        String prefix = parts[0].substring(0, equals).strip();
        String target = parts[0].substring(equals + 1).strip();
        if (!isPlainPath(prefix) || target.isEmpty()) {
            settings.problem(setting, "PREFIX=TAG with a PREFIX that is a plain path such as /api, and a TAG");
            return null;
        }
        List<Setting> options = new ArrayList<>();
        for (int i = 1; i < parts.length; i++) {
            addOption(parts[i].strip(), prefix, options);
        }
        return new Route(prefix, target, options(new Settings(options)));
    }

    private void addOption(String text, String prefix, List<Setting> options) {
        int equals = text.indexOf('=');
        String key = (equals < 0 ? text : text.substring(0, equals)).strip();
        String value = equals < 0 ? "true" : text.substring(equals + 1).strip();
        if (OPTIONS.contains(key)) {
            options.add(new Setting(key, value, setting.source() + ": " + prefix + ": " + key));
        } else {
            settings.problem(setting.source() + ": " + prefix + ": \"" + key + "\" (expected one of: "
                    + String.join(", ", OPTIONS) + ")");
        }
    }

    private RouteOptions options(Settings given) {
        Setting hostGiven = given.last("host");
        String host = given.text("host", RouteOptions.HOST_AS_SENT);
        if (hostGiven != null && host.chars().anyMatch(c -> c <= ' ' || c > 0x7e || "/?#@\\\"".indexOf(c) >= 0)) {
            given.problem(hostGiven, "as-sent, instance, or a host such as internal.example:8080");
        }
        Setting prefixGiven = given.last("add-prefix");
        String addPrefix = given.text("add-prefix", "");
        if (prefixGiven != null && !isPlainPath(addPrefix)) {
            given.problem(prefixGiven, "a plain path such as /v2");
        }
        Duration response =
                given.last("response-timeout") == null ? null : given.duration("response-timeout", Duration.ZERO);
        Long maxBody = given.last("max-body") == null ? null : (long) given.size("max-body", 0, 0, Integer.MAX_VALUE);
        boolean strip = given.flag("strip-prefix", false);
        given.problems().forEach(settings::problem);
        PoolReader pool = PoolReader.overruling(settings, given);
        RouteOptions options = new RouteOptions(
                host, strip, withoutSlash(addPrefix), response, pool.attemptTimeout(), maxBody, pool.read());
        // What is wrong for all routes has been said.
        pool.problems().stream()
                .filter(problem -> !settings.problems().contains(problem))
                .forEach(settings::problem);
        return options;
    }

    /** A route of which nothing is said but where it goes. */
    static Route plain(Route route, Settings settings) {
        PoolReader pool = PoolReader.overruling(settings, new Settings(List.of()));
        RouteOptions plain = RouteOptions.DEFAULT;
        return new Route(
                route.prefix(),
                route.target(),
                new RouteOptions(
                        plain.host(),
                        plain.stripPrefix(),
                        plain.addPrefix(),
                        plain.response(),
                        pool.attemptTimeout(),
                        plain.maxBody(),
                        pool.read()));
    }

    private static String withoutSlash(String prefix) {
        return prefix.endsWith("/") ? prefix.substring(0, prefix.length() - 1) : prefix;
    }

    /** What is matched is a path in normal form, so a prefix that is none would never match, silently. */
    private static boolean isPlainPath(String path) {
        return path.startsWith("/")
                && path.chars().noneMatch(c -> c <= ' ' || c > 0x7e || c == '?' || c == '#' || c == '%' || c == '*')
                && !path.contains("//")
                && !path.contains("/.");
    }
}
