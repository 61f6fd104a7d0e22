package dev.pointsman.balancer.history;

import dev.pointsman.balancer.route.Route;
import java.time.Instant;
import java.util.List;

/**
 * The table of a rollback, which is in force as a whole, whatever the sources of routes say by now, until it is released.
 * Immutable.
 *
 * @param version of the table that was rolled back to
 * @param since when that was asked for
 * @param routes the whole table
 */
public record PinnedTable(long version, Instant since, ChangeCause cause, List<Route> routes) {
    public PinnedTable {
        routes = List.copyOf(routes);
    }
}
