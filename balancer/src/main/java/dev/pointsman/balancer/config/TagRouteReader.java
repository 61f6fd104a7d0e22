package dev.pointsman.balancer.config;

import dev.pointsman.balancer.route.RouteKey;
import dev.pointsman.balancer.route.RouteOptions;
import dev.pointsman.settings.Form;
import dev.pointsman.settings.Option;
import dev.pointsman.settings.Option.SettingScope;
import dev.pointsman.settings.OptionTable;
import dev.pointsman.settings.Setting;
import dev.pointsman.settings.Settings;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A reader of the routes that instances announce: {@code HOST/PATH} and behind it any number of {@code ;option=value}. The
 * options are those of a route in the file, but for what is not an instance's to say: where a route leads to, what would read a
 * file here, and how many requests wait in this process's memory. Not thread-safe.
 */
public final class TagRouteReader {
    /** The weight of the instance on this route. */
    static final Option<Integer> WEIGHT = Option.of("weight", Form.number(0, 65_535))
            .scope(SettingScope.PART)
            .otherwise("the registry's")
            .example("2")
            .means("the instance's share of the route's requests, in proportion to the others'; 0: none");

    /** By name, so that an option that is added to routes is not in the hands of whoever may register a service. */
    private static final List<String> ALLOWED = List.of(
            "match",
            "strip-prefix",
            "add-prefix",
            "rewrite",
            "host",
            "redirect",
            "allow",
            "deny",
            "request-headers",
            "response-headers",
            "cors",
            "rate-limit",
            "compress",
            "proto",
            "server-name",
            "tls-skip-verify",
            "response-timeout",
            "attempt-timeout",
            "max-body",
            "policy",
            "max-connect-fails",
            "max-fails",
            "max-error-statuses",
            "max-error-excess",
            "error-requests",
            "error-interval",
            "fail-timeout",
            "max-fail-timeout",
            "max-ejected",
            "fail-open",
            "slow-start",
            "max-in-flight",
            "max-requests");

    /** The options that an announcement may have. */
    public static final OptionTable TABLE = OptionTable.of(WEIGHT)
            .and(new OptionTable(ALLOWED.stream().map(TagRouteReader::option).toList()));

    private final RouteDefaults defaults;

    /**
     * A route as it is announced.
     *
     * @param weight of the instance; null where the registry's counts
     * @param variant the options but for the weight, as text; empty for none
     */
    public record TagRoute(
            RouteKey key, RouteOptions options, @Nullable Integer weight, String variant) {}

    /** @param defaults what counts where an announcement says nothing else */
    public TagRouteReader(RouteDefaults defaults) {
        this.defaults = defaults;
    }

    private static Option<?> option(String key) {
        return RouteSettings.TABLE.byKey(key).orElseThrow();
    }

    /**
     * Reads an announcement.
     *
     * @param problems takes a sentence's end for each mistake
     * @return null if there is any
     */
    public @Nullable TagRoute read(String text, List<String> problems) {
        String[] parts = text.split(";", -1);
        String keyText = parts[0].strip();
        RouteKey plain = RouteReader.key(keyText);
        if (plain == null) {
            problems.add(Settings.shown(keyText) + " (expected: " + RouteReader.expectedOf(keyText) + ")");
            return null;
        }
        List<String> texts = Arrays.stream(parts)
                .skip(1)
                .map(String::strip)
                .filter(part -> !part.isEmpty())
                .toList();
        Settings all = new Settings(List.of());
        List<Setting> settings = OptionText.read(texts, TABLE, keyText, all::problem);
        Settings given = new Settings(settings);
        Integer weight = given.find(WEIGHT);
        RouteKey key = new RouteKey(plain.host(), plain.path(), MatchSettings.read(given));
        RouteOptions options = RouteReader.options(key.path(), given, defaults, all);
        refuseBeyondIdle(given, options.response(), all);
        if (!all.problems().isEmpty()) {
            problems.addAll(all.problems());
            return null;
        }
        return new TagRoute(key, options, weight, variant(texts));
    }

    private void refuseBeyondIdle(Settings given, @Nullable Duration response, Settings all) {
        Duration idle = defaults.idle();
        Setting setting = given.last(BalancerSettings.RESPONSE_TIMEOUT.key());
        if (setting != null && response != null && response.compareTo(idle) > 0) {
            all.problem(setting, "idle-timeout, which is " + idle.toMillis() + "ms, or less");
        }
    }

    private static String variant(List<String> texts) {
        return texts.stream()
                .filter(text -> !text.startsWith(WEIGHT.key() + "=") && !text.equals(WEIGHT.key()))
                .map(text -> ";" + (text.endsWith("=true") ? text.substring(0, text.length() - 5) : text))
                .collect(Collectors.joining());
    }
}
