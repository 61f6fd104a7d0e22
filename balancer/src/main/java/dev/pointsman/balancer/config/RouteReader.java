package dev.pointsman.balancer.config;

import dev.pointsman.balancer.route.PathRewrite;
import dev.pointsman.balancer.route.Route;
import dev.pointsman.balancer.route.RouteFilters;
import dev.pointsman.balancer.route.RouteOptions;
import dev.pointsman.settings.OptionTable;
import dev.pointsman.settings.Setting;
import dev.pointsman.settings.Settings;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A reader of routes: on a command line {@code PREFIX=TAG} and behind it any number of {@code ;option=value}, in a file
 * a prefix, a tag and a mapping of options.
 */
final class RouteReader {
    private static final OptionTable FLAG_OPTIONS = RouteSettings.TABLE.flags();

    private final Setting setting;
    private final Settings settings;

    private RouteReader(Setting setting, Settings settings) {
        this.setting = setting;
        this.settings = settings;
    }

    /**
     * Reads a route; null if it is none, and its problems are added to {@code settings}. How it picks is as the settings
     * say for all routes, where it does not say otherwise itself.
     */
    static @Nullable Route read(Setting setting, Settings settings) {
        return new RouteReader(setting, settings).read();
    }

    private @Nullable Route read() {
        return setting.name() == null ? ofText() : ofFile(setting.name());
    }

    private @Nullable Route ofFile(String prefix) {
        if (!isPlainPath(prefix)) {
            settings.problem(
                    setting.source() + ": \"" + prefix + "\" (expected: a PREFIX that is a plain path such as /api)");
            return null;
        }
        String target = setting.value().strip();
        if (target.isEmpty()) {
            settings.problem(setting.source() + ": " + prefix + ": \"\" (expected: a tag or a service name)");
            return null;
        }
        return new Route(prefix, target, options(prefix, new Settings(setting.parts())));
    }

    private @Nullable Route ofText() {
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
        List<Setting> options = OptionText.read(
                Arrays.asList(parts).subList(1, parts.length),
                FLAG_OPTIONS,
                setting.source() + ": " + prefix,
                settings::problem);
        return new Route(prefix, target, options(prefix, new Settings(options)));
    }

    private RouteOptions options(String prefix, Settings given) {
        String host = given.get(RouteSettings.HOST);
        FilterReader filterReader = new FilterReader(given);
        PathRewrite path = path(prefix, given, filterReader);
        RouteFilters filters = filterReader.read();
        Duration response = given.find(BalancerSettings.RESPONSE_TIMEOUT);
        Integer maxBody = given.find(BalancerSettings.MAX_BODY);
        given.problems().forEach(settings::problem);
        PoolReader pool = PoolReader.overruling(settings, given);
        RouteOptions options = new RouteOptions(
                host,
                path,
                response,
                pool.attemptTimeout(),
                maxBody == null ? null : Long.valueOf(maxBody),
                pool.read(),
                filters);
        // What is wrong for all routes has been said.
        pool.problems().stream()
                .filter(problem -> !settings.problems().contains(problem))
                .forEach(settings::problem);
        return options;
    }

    /** A route without options of its own. */
    static Route plain(Route route, Settings settings) {
        PoolReader pool = PoolReader.overruling(settings, new Settings(List.of()));
        RouteOptions plain = RouteOptions.DEFAULT;
        return new Route(
                route.prefix(),
                route.target(),
                new RouteOptions(
                        plain.host(),
                        plain.path(),
                        plain.response(),
                        pool.attemptTimeout(),
                        plain.maxBody(),
                        pool.read(),
                        plain.filters()));
    }

    private static PathRewrite path(String prefix, Settings given, FilterReader filters) {
        String strip = given.get(RouteSettings.STRIP_PREFIX);
        PathRewrite segments = PathRewrite.segments(
                switch (strip) {
                    case "true" -> prefix;
                    case "false" -> "";
                    default -> strip;
                },
                given.get(RouteSettings.ADD_PREFIX));
        return new PathRewrite(segments.mode(), segments.strip(), filters.rewrite(), segments.add());
    }

    /** The text as what is to be stripped: true, false, or a path; null if it is none of them. */
    static @Nullable String stripped(String text) {
        String strip = text.strip();
        return strip.equals("true") || strip.equals("false") || isPlainPath(strip) ? strip : null;
    }

    /**
     * Whether a prefix is a path in normal form; routes are matched on such paths, so any other prefix would never
     * match, silently.
     */
    static boolean isPlainPath(String path) {
        return path.startsWith("/")
                && path.chars().noneMatch(c -> c <= ' ' || c > 0x7e || c == '?' || c == '#' || c == '%' || c == '*')
                && !path.contains("//")
                && !path.contains("/.");
    }

    /** The text as a Host; null if it is none. */
    static @Nullable String host(String text) {
        String host = text.strip();
        boolean bad = host.isEmpty() || host.chars().anyMatch(c -> c <= ' ' || c > 0x7e || "/?#@\\\"".indexOf(c) >= 0);
        return bad ? null : host;
    }
}
