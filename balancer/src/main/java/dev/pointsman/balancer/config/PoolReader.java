package dev.pointsman.balancer.config;

import dev.pointsman.balancer.route.PoolSettings;
import dev.pointsman.pool.ErrorRateOptions;
import dev.pointsman.pool.OutlierOptions;
import dev.pointsman.pool.PoolOptions;
import dev.pointsman.settings.Option;
import dev.pointsman.settings.Setting;
import dev.pointsman.settings.Settings;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A reader of how routes pick: settings for all of them, which each route may overrule by options of the same names. */
final class PoolReader {
    private static final Set<String> KEYS = Stream.of(
                    PickSettings.TABLE, HealthSettings.TABLE, CanarySettings.TABLE, TransportSettings.ROUTE)
            .flatMap(table -> table.options().stream())
            .map(Option::key)
            .collect(Collectors.toUnmodifiableSet());

    private final Settings settings;

    /**
     * What was read.
     *
     * @param attemptTimeout null for none
     * @param problems what is wrong with it
     */
    record PoolReading(PoolSettings settings, @Nullable Duration attemptTimeout, List<String> problems) {
        PoolReading {
            problems = List.copyOf(problems);
        }
    }

    /** @param settings those for all routes, and behind them those of one that overrules them; takes the problems */
    PoolReader(Settings settings) {
        this.settings = settings;
    }

    /** Whether a setting matters here. */
    static boolean reads(String key) {
        return KEYS.contains(key);
    }

    PoolReading read() {
        Duration attemptTimeout = attemptTimeout();
        return new PoolReading(pool(), attemptTimeout, settings.problems());
    }

    private PoolSettings pool() {
        PoolOptions options = new PoolOptions(
                outliers(),
                settings.get(PickSettings.SLOW_START),
                settings.get(PickSettings.MAX_IN_FLIGHT),
                settings.get(PickSettings.FAIL_OPEN),
                PoolOptions.DEFAULT.passStalled());
        return new PoolSettings(
                settings.get(PickSettings.POLICY),
                options,
                settings.get(PickSettings.MAX_REQUESTS),
                settings.get(PickSettings.QUEUE),
                settings.get(PickSettings.QUEUE_TIMEOUT),
                HealthReader.read(settings),
                CanarySettings.read(settings),
                TransportSettings.read(settings));
    }

    private @Nullable Duration attemptTimeout() {
        Duration time = settings.get(PickSettings.ATTEMPT_TIMEOUT);
        return time.isZero() ? null : time;
    }

    private OutlierOptions outliers() {
        Duration first = settings.get(PickSettings.FAIL_TIMEOUT);
        Option<Duration> most = PickSettings.MAX_FAIL_TIMEOUT;
        Duration longest = settings.get(most, longer(first, most.defaultValue()));
        if (longest.compareTo(first) < 0) {
            Setting setting = settings.last(most.key());
            if (setting != null) {
                settings.problem(setting, "fail-timeout, which is " + first.toMillis() + "ms, or more");
            }
            longest = first;
        }
        return new OutlierOptions(
                settings.get(PickSettings.MAX_CONNECT_FAILS),
                settings.get(PickSettings.MAX_FAILS),
                settings.get(PickSettings.MAX_ERROR_STATUSES),
                errorRate(),
                first,
                longest,
                settings.get(PickSettings.MAX_EJECTED));
    }

    private ErrorRateOptions errorRate() {
        // A client that sends nothing but bad requests would have one instance after the other ejected.
        boolean comparable = !settings.get(PickSettings.POLICY).keepsClients();
        Option<Integer> excess = PickSettings.MAX_ERROR_EXCESS;
        return new ErrorRateOptions(
                settings.get(excess, comparable ? excess.defaultValue() : ErrorRateOptions.OFF.maxExcess()),
                settings.get(PickSettings.ERROR_REQUESTS),
                settings.get(PickSettings.ERROR_INTERVAL));
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }
}
