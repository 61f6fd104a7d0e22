package dev.pointsman.balancer.history;

import dev.pointsman.balancer.route.Route;
import java.time.Instant;
import java.util.List;

/**
 * A table of routes, and how it came into force. Immutable.
 *
 * @param version of the table
 * @param at when requests were routed by it on every event loop
 * @param causes of the change, the first first: those that came close together made one table
 * @param diff what it changed
 * @param routes the whole table, the most specific first
 */
public record TableChange(long version, Instant at, List<ChangeCause> causes, RouteDiff diff, List<Route> routes) {
    public TableChange {
        causes = List.copyOf(causes);
        routes = List.copyOf(routes);
    }
}
