package dev.pointsman.balancer.config;

import dev.pointsman.balancer.route.RouteOptions;
import dev.pointsman.settings.Form;
import dev.pointsman.settings.Form.FormKind;
import dev.pointsman.settings.Option;
import dev.pointsman.settings.Option.OptionBuilder;
import dev.pointsman.settings.Option.SettingScope;
import dev.pointsman.settings.OptionTable;
import java.util.List;

/** The part of the table that only routes have, and the table of all options of a route. */
public final class RouteSettings {
    /** The target: before the options on a command line, and one of the options in a file. */
    static final Option<String> TO = row("to", Form.text("TAG"))
            .withoutFlag()
            .means(
                    "the tag, or the service name, that the requests go to; needed unless upstreams, split or redirect say"
                            + " where they go");

    static final Option<String> STRIP_PREFIX = row(
                    "strip-prefix",
                    new Form<>(
                            FormKind.TEXT,
                            "true|false|/PATH",
                            "true, false, or a plain path such as /api",
                            null,
                            null,
                            List.of("true", "false", "/PATH"),
                            RouteReader::stripped,
                            text -> text))
            .byDefault("false")
            .caveat("A path that does not begin with it stays as it is")
            .means("take the route's own prefix, or this one, off the path that the instance gets, and put it into"
                    + " X-Forwarded-Prefix");

    static final Option<String> ADD_PREFIX = row(
                    "add-prefix",
                    Form.of(
                            FormKind.TEXT,
                            "/PATH",
                            "a plain path such as /v2",
                            text -> RouteReader.isPlainPath(text.strip()) ? text.strip() : null,
                            text -> text))
            .byDefault("", "none")
            .example("/v2")
            .means("put before the path, after what strip-prefix and rewrite did");

    static final Option<String> HOST = row(
                    "host",
                    Form.of(
                            FormKind.TEXT,
                            "as-sent|instance|NAME",
                            "as-sent, instance, or a host such as internal.example:8080",
                            RouteReader::host,
                            text -> text))
            .byDefault(RouteOptions.HOST_AS_SENT)
            .means("the Host that the instance gets: the client's, the instance's own address and port, or a name");

    private static final OptionTable OWN = OptionTable.of(TO, STRIP_PREFIX, ADD_PREFIX, HOST)
            .and(MatchSettings.TABLE)
            .and(UpstreamSettings.TABLE)
            .and(TransportSettings.ROUTE)
            .and(SplitSettings.TABLE)
            .and(CanarySettings.TABLE)
            .and(HealthSettings.TABLE)
            .and(FilterSettings.TABLE);

    /** All options of a route. */
    public static final OptionTable TABLE = OWN.and(BalancerSettings.TABLE.in(SettingScope.PART));

    /** The options that a route has and the balancer has not. */
    static OptionTable own() {
        return OWN;
    }

    private RouteSettings() {}

    private static <T> OptionBuilder<T> row(String key, Form<T> form) {
        return Option.of(key, form).scope(SettingScope.PART).reloadable();
    }
}
