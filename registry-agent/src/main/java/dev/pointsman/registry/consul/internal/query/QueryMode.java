package dev.pointsman.registry.consul.internal.query;

import java.time.Duration;

/**
 * The way in which a list of Consul's is queried: how often, and whether Consul is asked to wait for a change.
 *
 * @param waits how many times the usual wait Consul is asked to wait for a change; 0: each query waits for
 *     {@link WatchedList#wake} instead
 * @param burst how many queries may follow each other without a pause
 * @param tokenEvery in what time one more may
 * @param margin the time that the head of a response may take on top of the wait. It doubles while Consul is not heard, so that one
 *     that is only slow is heard in the end
 * @param crowded whether there may be so many of them that they wait longer, see {@link QueryPace}
 * @param heavy whether its responses may have megabytes, so that one that cannot be read is not asked for again soon
 */
public record QueryMode(int waits, int burst, Duration tokenEvery, Duration margin, boolean crowded, boolean heavy) {
    /** Short, so that silence is noticed early. */
    private static final Duration SHORT = Duration.ofSeconds(3);

    /** Only the leader responds, and where there is none, a server says so after 7 s ({@code rpc_hold_timeout}). */
    private static final Duration UNTIL_NO_LEADER = Duration.ofSeconds(10);

    /** The shortest time between two queries: below the 50 ms after which a deregistered instance is to get no request. */
    private static final Duration SOON = Duration.ofMillis(40);

    /** The mode of the catalog, by which it is noticed early that Consul is silent. */
    public static final QueryMode WATCH = new QueryMode(1, 20, SOON, SHORT, false, false);

    /** The mode of a service with a connection of its own. */
    public static final QueryMode SERVICE = new QueryMode(1, 20, SOON, SHORT, true, false);

    /** The mode of the checks in one state. */
    public static final QueryMode CHECKS_IN_STATE = new QueryMode(4, 20, SOON, SHORT, false, true);

    /** The mode of the list of all checks: megabytes for thousands of instances, so it is asked for only where nothing less will do. */
    public static final QueryMode ALL_CHECKS = new QueryMode(0, 20, SOON, SHORT, false, true);

    /** The mode of a service that shares its connection with others. */
    public static final QueryMode ON_DEMAND = new QueryMode(0, 20, SOON, SHORT, false, false);

    /** The mode of keys and their values. */
    public static final QueryMode KEYS = new QueryMode(1, 20, SOON, UNTIL_NO_LEADER, false, false);

    /** Whether Consul is asked to wait. */
    boolean isBlocking() {
        return waits > 0;
    }
}
