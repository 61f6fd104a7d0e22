package dev.pointsman.registry.consul.internal.query;

import java.time.Duration;

/**
 * The way in which a list of Consul's is queried: how often, and whether Consul is asked to wait for a change.
 *
 * @param waits how many times the usual wait Consul is asked to wait for a change; 0: each query waits for
 *     {@link WatchedList#wake} instead
 * @param burst how many queries may follow each other without a pause
 * @param tokenEvery in what time one more may
 */
public record QueryMode(int waits, int burst, Duration tokenEvery) {
    /** The shortest time between two queries: below the 50 ms after which a deregistered instance is to get no request. */
    private static final Duration SOON = Duration.ofMillis(40);

    /** The mode of one service, or of the catalog, on a connection of its own. */
    public static final QueryMode WATCH = new QueryMode(1, 20, SOON);

    /** The mode of the list of all checks: megabytes for thousands of instances, so at most two queries a second. */
    public static final QueryMode HEAVY_WATCH = new QueryMode(4, 3, Duration.ofMillis(500));

    /** The mode of a service that shares its connection with others. */
    public static final QueryMode ON_DEMAND = new QueryMode(0, 20, SOON);

    /** Whether Consul is asked to wait. */
    boolean isBlocking() {
        return waits > 0;
    }
}
