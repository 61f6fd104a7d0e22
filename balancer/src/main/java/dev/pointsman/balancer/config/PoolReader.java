package dev.pointsman.balancer.config;

import dev.pointsman.balancer.route.PoolSettings;
import dev.pointsman.pool.ErrorRateOptions;
import dev.pointsman.pool.OutlierOptions;
import dev.pointsman.pool.PoolOptions;
import dev.pointsman.settings.Option;
import dev.pointsman.settings.Setting;
import dev.pointsman.settings.Settings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A reader of how routes pick: settings for all of them, which each route may overrule by options of the same names. */
final class PoolReader {
    private final Settings settings;

    private PoolReader(Settings settings) {
        this.settings = settings;
    }

    /** A reader of one route's options, and of the settings for all routes where it has none. */
    static PoolReader overruling(Settings forAll, Settings ofRoute) {
        List<Setting> both = new ArrayList<>();
        forAll.all().stream()
                .filter(setting -> PickSettings.TABLE.byKey(setting.key()).isPresent())
                .forEach(both::add);
        both.addAll(ofRoute.all());
        return new PoolReader(new Settings(both));
    }

    /** A reader of the settings for all routes alone. */
    static PoolReader of(Settings forAll) {
        return new PoolReader(forAll);
    }

    PoolSettings read() {
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
                CanarySettings.read(settings));
    }

    @Nullable
    Duration attemptTimeout() {
        Duration time = settings.get(PickSettings.ATTEMPT_TIMEOUT);
        return time.isZero() ? null : time;
    }

    /** The problems found. */
    List<String> problems() {
        return settings.problems();
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
