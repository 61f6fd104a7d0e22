package dev.pointsman.balancer.config;

import dev.pointsman.balancer.route.HealthCheck;
import dev.pointsman.balancer.route.RouteOptions;
import dev.pointsman.balancer.route.StatusRanges;
import dev.pointsman.settings.Form;
import dev.pointsman.settings.Form.FormKind;
import dev.pointsman.settings.Option;
import dev.pointsman.settings.Option.OptionBuilder;
import dev.pointsman.settings.Option.SettingScope;
import dev.pointsman.settings.OptionTable;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The part of the table by which the balancer checks a route's instances itself. */
final class HealthSettings {
    private static final int MANY = 1000;
    private static final HealthCheck DEFAULTS = new HealthCheck("/");

    static final Option<String> PATH = row(
                    "health",
                    Form.of(
                            FormKind.TEXT,
                            "/PATH|grpc[:SERVICE]|tcp",
                            "a path such as /health, with or without a query, or grpc, or grpc: and the name of a service, or"
                                    + " tcp",
                            HealthSettings::path,
                            text -> text))
            .example("/health")
            .caveat(
                    "Beside a registry's checks the worse of both counts. See [there](static-upstreams.md#health-checks)")
            .means(
                    "a path that the balancer asks each instance for, or grpc for grpc.health.v1 (needs proto h2c, h2, grpc or grpcs),"
                            + " or tcp for a connection and nothing more; an instance that fails gets no requests");

    static final Option<Duration> INTERVAL = row("health-interval", Form.time())
            .byDefault(DEFAULTS.interval())
            .caveat("100 ms at least")
            .means("from one check of an instance to its next");

    static final Option<Duration> TIMEOUT = row("health-timeout", Form.time())
            .byDefault(DEFAULTS.timeout())
            .means("for a check, from connecting to the status; a check that takes longer has failed");

    static final Option<Integer> FAILS = row("health-fails", Form.number(1, MANY))
            .byDefault(DEFAULTS.unhealthyAfter())
            .caveat("The first check of an instance decides alone")
            .means("failed checks in a row after which an instance gets no requests");

    static final Option<Integer> PASSES = row("health-passes", Form.number(1, MANY))
            .byDefault(DEFAULTS.healthyAfter())
            .means("passed checks in a row after which such an instance gets requests again");

    static final Option<StatusRanges> STATUS = row(
                    "health-status",
                    Form.of(
                            FormKind.LIST,
                            "STATUSES",
                            "statuses or ranges of them from 200 to 599, separated by commas, such as 200-299,304",
                            StatusRanges::parse,
                            StatusRanges::toString))
            .byDefault(DEFAULTS.expected())
            .caveat("Redirections are not followed")
            .means("the statuses of a check that has passed");

    static final Option<String> HOST = row(
                    "health-host",
                    Form.of(
                            FormKind.TEXT,
                            "instance|NAME",
                            "instance, or a host such as internal.example:8080",
                            HealthSettings::host,
                            text -> text))
            .byDefault(DEFAULTS.host())
            .means("the Host of a check: address and port of the instance, or a name");

    static final OptionTable TABLE = OptionTable.of(PATH, INTERVAL, TIMEOUT, FAILS, PASSES, STATUS, HOST);

    private HealthSettings() {}

    private static <T> OptionBuilder<T> row(String key, Form<T> form) {
        return Option.of(key, form).scope(SettingScope.PART).reloadable();
    }

    private static @Nullable String path(String text) {
        String path = text.strip();
        boolean grpc = path.equals(HealthCheck.GRPC) || path.startsWith(HealthCheck.GRPC + ":");
        boolean good = (grpc || path.equals(HealthCheck.TCP) || path.startsWith("/"))
                && path.chars().allMatch(c -> c > ' ' && c <= 0x7e && c != '#');
        return good ? path : null;
    }

    private static @Nullable String host(String text) {
        String host = RouteReader.host(text);
        return host == null || host.equals(RouteOptions.HOST_AS_SENT) ? null : host;
    }
}
