package dev.pointsman.balancer.config;

import dev.pointsman.balancer.config.PoolReader.PoolReading;
import dev.pointsman.balancer.route.Branch;
import dev.pointsman.balancer.route.HostPattern;
import dev.pointsman.balancer.route.PathRewrite;
import dev.pointsman.balancer.route.PoolSettings;
import dev.pointsman.balancer.route.RequestMatch;
import dev.pointsman.balancer.route.Route;
import dev.pointsman.balancer.route.RouteFilters;
import dev.pointsman.balancer.route.RouteKey;
import dev.pointsman.balancer.route.RouteOptions;
import dev.pointsman.balancer.route.RouteOrigin;
import dev.pointsman.canary.UserKey;
import dev.pointsman.settings.OptionTable;
import dev.pointsman.settings.Setting;
import dev.pointsman.settings.Settings;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A reader of routes: on a command line {@code HOST/PATH=TAG} and behind it any number of {@code ;option=value}, in a file
 * a host and a path, and behind them a tag or a mapping of options.
 */
final class RouteReader {
    /** The form of a route's key, in words. */
    static final String EXPECTED_KEY = "a plain path such as /api, or a host and a path such as shop.example.com/api";

    private static final OptionTable FLAG_OPTIONS = RouteSettings.TABLE.flags();

    private final Setting setting;
    private final RouteDefaults defaults;
    private final Settings settings;

    private RouteReader(Setting setting, RouteDefaults defaults, Settings settings) {
        this.setting = setting;
        this.defaults = defaults;
        this.settings = settings;
    }

    /**
     * Reads a route; null if it is none.
     *
     * @param defaults where the route says nothing
     * @param settings takes the problems
     */
    static @Nullable Route read(Setting setting, RouteDefaults defaults, Settings settings) {
        return new RouteReader(setting, defaults, settings).read();
    }

    private @Nullable Route read() {
        return setting.name() == null ? ofText() : ofFile(setting.name());
    }

    private @Nullable Route ofFile(String keyText) {
        return route(keyText, setting.value().strip(), setting.parts());
    }

    private @Nullable Route ofText() {
        String[] parts = setting.value().split(";", -1);
        int equals = parts[0].indexOf('=');
        boolean redirects = equals < 0 && parts.length > 1;
        if (equals < 0 && !redirects) {
            settings.problem(setting, "ROUTE=TAG, such as /api=api-service");
            return null;
        }
        String keyText = (redirects ? parts[0] : parts[0].substring(0, equals)).strip();
        String target = redirects ? "" : parts[0].substring(equals + 1).strip();
        List<Setting> options = OptionText.read(
                Arrays.asList(parts).subList(1, parts.length),
                FLAG_OPTIONS,
                setting.source() + ": " + keyText,
                settings::problem);
        return route(keyText, target, options);
    }

    private @Nullable Route route(String keyText, String target, List<Setting> given) {
        String where = setting.source() + ": " + keyText;
        RouteKey plain = key(keyText);
        if (plain == null) {
            settings.problem(
                    setting.source() + ": " + Settings.shown(keyText) + " (expected: " + expectedOf(keyText) + ")");
        }
        Settings read = new Settings(given);
        RequestMatch match = MatchSettings.read(read);
        UserKey splitBy = read.find(CanarySettings.SPLIT_BY);
        RouteOptions options = options(plain == null ? "/" : plain.path(), read, TargetReader.isSecure(target, given));
        List<Branch> branches = BranchReader.read(target, where, given, options, settings);
        return plain == null || branches == null
                ? null
                : new Route(
                        new RouteKey(plain.host(), plain.path(), match),
                        branches,
                        options,
                        new RouteOrigin(RouteOrigin.RouteSource.FILE, setting.source()),
                        splitBy);
    }

    /** Reads HOST/PATH or /PATH; null if it is neither. */
    static @Nullable RouteKey key(String text) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            return null;
        }
        HostPattern host = HostPattern.parse(text.substring(0, slash));
        String path = text.substring(slash);
        return host == null || !isPlainPath(path) ? null : new RouteKey(host, path, RequestMatch.ANY);
    }

    /** What is expected in the place of a key that is none: of the part that is wrong. */
    static String expectedOf(String key) {
        int slash = key.indexOf('/');
        return slash > 0 && HostPattern.parse(key.substring(0, slash)) == null
                ? "before the path " + HostPattern.EXPECTED
                : EXPECTED_KEY;
    }

    /**
     * The options of a route that is written down somewhere else.
     *
     * @param prefix the path of the route
     * @param defaults where the route says nothing
     * @param settings takes the problems
     */
    static RouteOptions options(String prefix, Settings given, RouteDefaults defaults, Settings settings) {
        return new RouteReader(new Setting(BalancerSettings.ROUTE.key(), "", prefix), defaults, settings)
                .options(prefix, given, false);
    }

    /** @param secure whether the upstreams that are written down are so with https:// */
    private RouteOptions options(String prefix, Settings given, boolean secure) {
        String host = given.get(RouteSettings.HOST);
        FilterReader filterReader = new FilterReader(given, defaults.looksAtFiles());
        PathRewrite path = path(prefix, given, filterReader);
        RouteFilters filters = filterReader.read();
        Duration response = given.find(BalancerSettings.RESPONSE_TIMEOUT);
        Integer maxBody = given.find(BalancerSettings.MAX_BODY);
        given.problems().forEach(settings::problem);
        PoolReading pool = defaults.pool(given);
        PoolSettings picking =
                secure ? pool.settings().with(pool.settings().transport().overTls()) : pool.settings();
        if (secure || TargetReader.isSecureInPart(given.all())) {
            TransportSettings.refuseBesideHttps(given, settings);
        } else {
            TransportSettings.refuseWithoutTls(given, picking.transport(), settings);
        }
        RouteOptions options = new RouteOptions(
                host,
                path,
                response,
                pool.attemptTimeout(),
                maxBody == null ? null : Long.valueOf(maxBody),
                picking,
                filters);
        // What is wrong for all routes has been said.
        pool.problems().stream()
                .filter(problem -> !settings.problems().contains(problem))
                .forEach(settings::problem);
        return options;
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
