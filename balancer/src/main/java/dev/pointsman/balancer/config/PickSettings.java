package dev.pointsman.balancer.config;

import dev.pointsman.balancer.route.PoolSettings;
import dev.pointsman.pick.Policy;
import dev.pointsman.pool.OutlierOptions;
import dev.pointsman.pool.PoolOptions;
import dev.pointsman.settings.Form;
import dev.pointsman.settings.Form.FormKind;
import dev.pointsman.settings.Option;
import dev.pointsman.settings.Option.OptionBuilder;
import dev.pointsman.settings.Option.SettingScope;
import dev.pointsman.settings.OptionTable;
import java.time.Duration;

/**
 * The part of the table by which routes pick an instance: for all routes, and overruled by each route that says
 * otherwise.
 */
final class PickSettings {
    private static final int MANY = 1_000_000;
    private static final PoolSettings POOL = PoolSettings.DEFAULT;
    private static final PoolOptions OPTIONS = POOL.options();
    private static final OutlierOptions OUTLIERS = OPTIONS.outliers();

    static final Option<Policy> POLICY = row(
                    "policy",
                    Form.of(
                            FormKind.CHOICE,
                            "NAME",
                            Policy.EXPECTED,
                            text -> Policy.parse(text.strip()),
                            Policy::toString))
            .byDefault(Policy.DEFAULT)
            .caveat("[policies.md](policies.md#policies) has them all")
            .example("hash:header:X-User")
            .means("the policy that picks an instance for a request");

    static final Option<Duration> ATTEMPT_TIMEOUT = row("attempt-timeout", Form.timeOrNone())
            .byDefault(Duration.ZERO)
            .means("after which a request that may be sent twice goes on to another instance; 0: never");

    static final Option<Integer> MAX_CONNECT_FAILS = row("max-connect-fails", Form.number(0, MANY))
            .byDefault(OUTLIERS.connectFailures())
            .means("connections in a row that do not stand until an instance is ejected; 0: never");

    static final Option<Integer> MAX_FAILS = row("max-fails", Form.number(0, MANY))
            .byDefault(OUTLIERS.failures())
            .means("failures in a row (no connection, a broken response, none in time) until an instance is ejected;"
                    + " 0: never");

    static final Option<Integer> MAX_ERROR_STATUSES = row("max-error-statuses", Form.number(0, MANY))
            .byDefault(OUTLIERS.errorStatuses())
            .means("responses with 5xx in a row, or failures, until an instance is ejected; 0: never");

    static final Option<Integer> MAX_ERROR_EXCESS = row("max-error-excess", Form.number(0, 100))
            .label("POINTS")
            .byDefault(OUTLIERS.errorRate().maxExcess())
            .caveat(
                    "See [there](policies.md#the-rate-of-errors). 0 by default with `hash` and `sticky`, where instances get"
                            + " different requests")
            .example("25")
            .means("percentage points by which an instance's share of 5xx and failures may exceed that of the others"
                    + " until it is ejected; 0: never");

    static final Option<Integer> ERROR_REQUESTS = row("error-requests", Form.number(1, MANY))
            .byDefault(OUTLIERS.errorRate().attempts())
            .means("requests that an instance must have had, and the others together, for these shares to be compared");

    static final Option<Duration> ERROR_INTERVAL = row("error-interval", Form.time())
            .byDefault(OUTLIERS.errorRate().interval())
            .caveat("Few requests add up over six of them")
            .means("how often these shares are compared");

    static final Option<Duration> FAIL_TIMEOUT = row("fail-timeout", Form.time())
            .byDefault(OUTLIERS.firstTime())
            .caveat("Every such time without an ejection takes a doubling back")
            .means("for how long an instance is ejected at first, doubling each time");

    static final Option<Duration> MAX_FAIL_TIMEOUT = row("max-fail-timeout", Form.time())
            .byDefault(OUTLIERS.longestTime())
            .means("for how long an instance is ejected at most");

    static final Option<Integer> MAX_EJECTED = row("max-ejected", Form.number(0, 100))
            .label("PERCENT")
            .byDefault(OUTLIERS.maxPercent())
            .caveat("One always, if there is another")
            .means("percent of the instances that the registry finds well that may be ejected at a time");

    static final Option<Boolean> FAIL_OPEN = row("fail-open", Form.bool())
            .byDefault(OPTIONS.failOpen())
            .means("whether to use instances that do not look healthy when none does");

    static final Option<Duration> SLOW_START = row("slow-start", Form.timeOrNone())
            .byDefault(OPTIONS.slowStart())
            .caveat("See [there](policies.md#slow-start)")
            .means("for how long a fresh instance gets less than its share");

    static final Option<Integer> MAX_IN_FLIGHT = row("max-in-flight", Form.number(0, MANY))
            .byDefault(OPTIONS.maxInFlight())
            .means("requests on one instance at a time, from this balancer; 0: any number");

    static final Option<Integer> MAX_REQUESTS = row("max-requests", Form.number(0, MANY))
            .byDefault(POOL.maxRequests())
            .caveat("The route then has a pool of its own")
            .means("requests of a route at a time; 0: any number");

    static final Option<Integer> QUEUE = row("queue", Form.number(0, MANY))
            .byDefault(POOL.queue())
            .means("requests that wait for a permit at one of these limits; beyond: 503 at once");

    static final Option<Duration> QUEUE_TIMEOUT = row("queue-timeout", Form.time())
            .byDefault(POOL.queueTimeout())
            .means("for how long a request waits for a permit; then 503");

    static final OptionTable TABLE = OptionTable.of(
            POLICY,
            ATTEMPT_TIMEOUT,
            MAX_CONNECT_FAILS,
            MAX_FAILS,
            MAX_ERROR_STATUSES,
            MAX_ERROR_EXCESS,
            ERROR_REQUESTS,
            ERROR_INTERVAL,
            FAIL_TIMEOUT,
            MAX_FAIL_TIMEOUT,
            MAX_EJECTED,
            FAIL_OPEN,
            SLOW_START,
            MAX_IN_FLIGHT,
            MAX_REQUESTS,
            QUEUE,
            QUEUE_TIMEOUT);

    private PickSettings() {}

    private static <T> OptionBuilder<T> row(String key, Form<T> form) {
        return Option.of(key, form).scope(SettingScope.BOTH).reloadable();
    }
}
