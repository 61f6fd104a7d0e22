package dev.pointsman.balancer.config;

import dev.pointsman.balancer.route.PoolSettings;
import dev.pointsman.pick.Policy;
import dev.pointsman.pool.OutlierOptions;
import dev.pointsman.pool.PoolOptions;
import dev.pointsman.settings.Setting;
import dev.pointsman.settings.Settings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads how routes pick: settings for all of them, which each route may overrule by options of the same names. */
final class PoolReader {
    /** Every setting of it; each is both a key of the configuration and an option of a route. */
    static final Set<String> KEYS = Set.of(
            "policy",
            "attempt-timeout",
            "max-connect-fails",
            "max-fails",
            "max-error-statuses",
            "fail-timeout",
            "max-fail-timeout",
            "max-ejected",
            "fail-open",
            "slow-start",
            "max-in-flight",
            "max-requests",
            "queue",
            "queue-timeout");

    private static final int MANY = 1_000_000;
    private static final int WHOLE = 100;

    private final Settings settings;

    private PoolReader(Settings settings) {
        this.settings = settings;
    }

    /** Goes by what a route says, else by what is said for all of them. */
    static PoolReader overruling(Settings forAll, Settings ofRoute) {
        List<Setting> both = new ArrayList<>();
        forAll.all().stream().filter(setting -> KEYS.contains(setting.key())).forEach(both::add);
        both.addAll(ofRoute.all());
        return new PoolReader(new Settings(both));
    }

    /** Of the settings for all routes alone. */
    static PoolReader of(Settings forAll) {
        return new PoolReader(forAll);
    }

    PoolSettings read() {
        PoolSettings byDefault = PoolSettings.DEFAULT;
        PoolOptions options = new PoolOptions(
                outliers(),
                settings.durationOrZero("slow-start", byDefault.options().slowStart()),
                settings.number("max-in-flight", byDefault.options().maxInFlight(), 0, MANY),
                settings.flag("fail-open", byDefault.options().failOpen()),
                byDefault.options().passStalled());
        return new PoolSettings(
                policy(),
                options,
                settings.number("max-requests", byDefault.maxRequests(), 0, MANY),
                settings.number("queue", byDefault.queue(), 0, MANY),
                settings.duration("queue-timeout", byDefault.queueTimeout()));
    }

    @Nullable
    Duration attemptTimeout() {
        Duration time = settings.durationOrZero("attempt-timeout", Duration.ZERO);
        return time.isZero() ? null : time;
    }

    /** What was found to be wrong. */
    List<String> problems() {
        return settings.problems();
    }

    private Policy policy() {
        Setting setting = settings.last("policy");
        Policy policy =
                setting == null ? Policy.DEFAULT : Policy.parse(setting.value().strip());
        if (policy == null && setting != null) {
            settings.problem(setting, Policy.EXPECTED);
        }
        return policy == null ? Policy.DEFAULT : policy;
    }

    private OutlierOptions outliers() {
        OutlierOptions byDefault = OutlierOptions.DEFAULT;
        Duration first = settings.duration("fail-timeout", byDefault.firstTime());
        Duration longest = settings.duration("max-fail-timeout", longer(first, byDefault.longestTime()));
        if (longest.compareTo(first) < 0) {
            Setting setting = settings.last("max-fail-timeout");
            if (setting != null) {
                settings.problem(setting, "fail-timeout, which is " + first.toMillis() + "ms, or more");
            }
            longest = first;
        }
        return new OutlierOptions(
                settings.number("max-connect-fails", byDefault.connectFailures(), 0, MANY),
                settings.number("max-fails", byDefault.failures(), 0, MANY),
                settings.number("max-error-statuses", byDefault.errorStatuses(), 0, MANY),
                first,
                longest,
                settings.number("max-ejected", byDefault.maxPercent(), 0, WHOLE));
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }
}
