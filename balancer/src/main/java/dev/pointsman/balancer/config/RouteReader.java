package dev.pointsman.balancer.config;

import dev.pointsman.balancer.route.Branch;
import dev.pointsman.balancer.route.HostPattern;
import dev.pointsman.balancer.route.RequestMatch;
import dev.pointsman.balancer.route.Route;
import dev.pointsman.balancer.route.RouteKey;
import dev.pointsman.balancer.route.RouteOptions;
import dev.pointsman.balancer.route.RouteOrigin;
import dev.pointsman.balancer.route.TagTarget;
import dev.pointsman.canary.UserKey;
import dev.pointsman.settings.OptionTable;
import dev.pointsman.settings.Setting;
import dev.pointsman.settings.Settings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A reader of routes: on a command line {@code HOST/PATH=TAG} and behind it any number of {@code ;option=value}, in a file
 * a prefix, a tag and a mapping of options.
 */
final class RouteReader {
    /** The form of a route's key, in words. */
    static final String EXPECTED_KEY = "a plain path such as /api, or a host and a path such as shop.example.com/api";

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

    private @Nullable Route ofFile(String keyText) {
        RouteKey key = key(keyText);
        if (key == null) {
            settings.problem(setting.source() + ": \"" + keyText + "\" (expected: " + EXPECTED_KEY + ")");
            return null;
        }
        String target = setting.value().strip();
        if (target.isEmpty()) {
            settings.problem(setting.source() + ": " + keyText + ": \"\" (expected: a tag or a service name)");
            return null;
        }
        return route(key, target, new Settings(setting.parts()));
    }

    private Route route(RouteKey key, String target, Settings given) {
        RouteOrigin origin = new RouteOrigin(RouteOrigin.RouteSource.FILE, setting.source());
        UserKey splitBy = given.find(CanarySettings.SPLIT_BY);
        RouteOptions options = options(given);
        return new Route(key, List.of(new Branch(new TagTarget(target), 1, options)), options, origin, splitBy);
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

    private @Nullable Route ofText() {
        String[] parts = setting.value().split(";", -1);
        int equals = parts[0].indexOf('=');
        if (equals < 0) {
            settings.problem(setting, "ROUTE=TAG, such as /api=api-service");
            return null;
        }
        String keyText = parts[0].substring(0, equals).strip();
        String target = parts[0].substring(equals + 1).strip();
        RouteKey key = key(keyText);
        if (key == null || target.isEmpty()) {
            settings.problem(setting, "ROUTE=TAG with a ROUTE that is " + EXPECTED_KEY + ", and a TAG");
            return null;
        }
        List<Setting> options = new ArrayList<>();
        for (int i = 1; i < parts.length; i++) {
            addOption(parts[i].strip(), keyText, options);
        }
        return route(key, target, new Settings(options));
    }

    private void addOption(String text, String prefix, List<Setting> options) {
        int equals = text.indexOf('=');
        String key = (equals < 0 ? text : text.substring(0, equals)).strip();
        String value = equals < 0 ? "true" : text.substring(equals + 1).strip();
        String source = setting.source() + ": " + prefix + ": " + key;
        if (FLAG_OPTIONS.byKey(key).isPresent()) {
            options.add(new Setting(key, value, source));
        } else {
            settings.problem(source + ": " + FLAG_OPTIONS.noSuchKey(key));
        }
    }

    private RouteOptions options(Settings given) {
        String host = given.get(RouteSettings.HOST);
        String addPrefix = given.get(RouteSettings.ADD_PREFIX);
        Duration response = given.find(BalancerSettings.RESPONSE_TIMEOUT);
        Integer maxBody = given.find(BalancerSettings.MAX_BODY);
        boolean strip = given.get(RouteSettings.STRIP_PREFIX);
        given.problems().forEach(settings::problem);
        PoolReader pool = PoolReader.overruling(settings, given);
        RouteOptions options = new RouteOptions(
                host,
                strip,
                withoutSlash(addPrefix),
                response,
                pool.attemptTimeout(),
                maxBody == null ? null : Long.valueOf(maxBody),
                pool.read());
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
        RouteOptions options = new RouteOptions(
                plain.host(),
                plain.stripPrefix(),
                plain.addPrefix(),
                plain.response(),
                pool.attemptTimeout(),
                plain.maxBody(),
                pool.read());
        return new Route(route.key(), route.branches().get(0).target(), options, route.origin());
    }

    private static String withoutSlash(String prefix) {
        return prefix.endsWith("/") ? prefix.substring(0, prefix.length() - 1) : prefix;
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
