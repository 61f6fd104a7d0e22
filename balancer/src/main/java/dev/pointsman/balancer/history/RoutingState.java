package dev.pointsman.balancer.history;

import dev.pointsman.balancer.route.Route;
import dev.pointsman.balancer.route.RouteKey;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The routes in force, and how it came to that. Immutable.
 *
 * @param tableVersion of the table in force
 * @param routes the table in force, the most specific first
 * @param overruled the routes of which others with the same key are in force
 * @param since when each route came into force as it is
 * @param history the newest tables, the newest first: the first one routes as the table in force does
 * @param pinned the table of a rollback that is in force; null if the sources are
 * @param pending what the sources changed since, the newest first
 * @param released what would change if the pinned table was released
 */
public record RoutingState(
        long tableVersion,
        List<Route> routes,
        List<Route> overruled,
        Map<RouteKey, Instant> since,
        List<TableChange> history,
        @Nullable PinnedTable pinned,
        List<PendingChange> pending,
        RouteDiff released) {
    public RoutingState {
        routes = List.copyOf(routes);
        overruled = List.copyOf(overruled);
        since = Map.copyOf(since);
        history = List.copyOf(history);
        pending = List.copyOf(pending);
    }

    /** The version of the last table that changed a route: between it and {@link #tableVersion} all routed alike. */
    public long version() {
        return history.isEmpty() ? tableVersion : history.get(0).version();
    }

    /** Whether the routes are the same as they were in the table of this version. */
    public boolean isUnchangedSince(long known) {
        return known >= version() && known <= tableVersion;
    }

    /** The table that was in force with this version; null if it is too old, or there was none yet. */
    public @Nullable TableChange tableOf(long wanted) {
        if (wanted > tableVersion) {
            return null;
        }
        return history.stream()
                .filter(change -> change.version() <= wanted)
                .findFirst()
                .orElse(null);
    }
}
