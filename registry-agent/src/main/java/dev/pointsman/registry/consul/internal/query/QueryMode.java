package dev.pointsman.registry.consul.internal.query;

import java.time.Duration;

/**
 * How often a list of Consul's is queried, and whether Consul is asked to wait for a change.
 *
 * @param waits whether Consul is asked to wait for a change; if not, each query waits for {@link WatchedList#wake}
 * @param burst how many queries may follow each other without a pause
 * @param tokenEvery in what time one more may
 */
public record QueryMode(boolean waits, int burst, Duration tokenEvery) {
    /** Below the 50 ms after which an instance that deregistered is to get no request, however much is going on. */
    private static final Duration SOON = Duration.ofMillis(40);

    /** One service, or the catalog, on a connection of its own. */
    public static final QueryMode WATCH = new QueryMode(true, 20, SOON);

    /** All checks: megabytes for thousands of instances, so not more than two in a second. */
    public static final QueryMode HEAVY_WATCH = new QueryMode(true, 3, Duration.ofMillis(500));

    /** A service that shares its connection with others. */
    public static final QueryMode ON_DEMAND = new QueryMode(false, 20, SOON);
}
