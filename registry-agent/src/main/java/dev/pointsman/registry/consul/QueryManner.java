package dev.pointsman.registry.consul;

import java.time.Duration;

/**
 * How a list of Consul's is asked for.
 *
 * @param waits whether Consul is asked to wait for a change; if not, the list is asked for when somebody says so
 * @param burst how many questions may follow each other without a pause
 * @param tokenEvery in what time one more may
 */
record QueryManner(boolean waits, int burst, Duration tokenEvery) {
    /** Below the 50 ms after which an instance that deregistered is to get no request, however much is going on. */
    private static final Duration SOON = Duration.ofMillis(40);

    /** One service, or the catalog, on a connection of its own. */
    static final QueryManner WATCH = new QueryManner(true, 20, SOON);

    /** All checks: megabytes for thousands of instances, so not more than two in a second. */
    static final QueryManner HEAVY_WATCH = new QueryManner(true, 3, Duration.ofMillis(500));

    /** A service that shares its connection with others. */
    static final QueryManner ON_DEMAND = new QueryManner(false, 20, SOON);
}
