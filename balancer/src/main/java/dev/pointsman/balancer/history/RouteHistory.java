package dev.pointsman.balancer.history;

import dev.pointsman.balancer.route.Route;
import dev.pointsman.balancer.route.RouteKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The newest tables of routes that were in force. A table that routes as the one before, such as one made because instances
 * came and went, is not in it. Not thread-safe; what it gives out is immutable.
 */
public final class RouteHistory {
    private final NewestChanges<TableChange> newest = new NewestChanges<>(TableChange::diff);
    private Map<RouteKey, Instant> since = Map.of();

    /**
     * Notes the table that is in force now.
     *
     * @param version greater than those before, or the last one again for one more cause of it
     * @return null if nothing about the routes changed
     */
    public @Nullable TableChange note(long version, Instant at, ChangeCause cause, List<Route> routes) {
        TableChange last = newest.newest();
        if (last != null && last.version() == version) {
            TableChange change = with(last, cause);
            newest.replaceNewest(change);
            return change;
        }
        List<Route> before = last == null ? List.of() : last.routes();
        RouteDiff diff = RouteDiff.between(before, routes);
        if (last != null && diff.isEmpty()) {
            return null;
        }
        noteTimes(at, diff);
        TableChange change = new TableChange(version, at, List.of(cause), diff, sharing(before, routes));
        newest.add(change);
        return change;
    }

    private static TableChange with(TableChange change, ChangeCause cause) {
        if (change.causes().contains(cause)) {
            return change;
        }
        List<ChangeCause> causes = new ArrayList<>(change.causes());
        causes.add(cause);
        return new TableChange(change.version(), change.at(), causes, change.diff(), change.routes());
    }

    private void noteTimes(Instant at, RouteDiff diff) {
        Map<RouteKey, Instant> next = new HashMap<>(since);
        diff.removed().forEach(route -> next.remove(route.key()));
        diff.added().forEach(route -> next.put(route.key(), at));
        diff.changed().forEach(route -> next.put(route.after().key(), at));
        since = Map.copyOf(next);
    }

    /** The routes with those of the table before where they are the same, so that fifty large tables are not fifty times as large. */
    private static List<Route> sharing(List<Route> before, List<Route> routes) {
        Map<RouteKey, Route> known = new HashMap<>();
        before.forEach(route -> known.put(route.key(), route));
        return routes.stream()
                .map(route -> {
                    Route old = known.get(route.key());
                    return old != null && RouteDiff.isSame(old, route) ? old : route;
                })
                .toList();
    }

    /** The tables, the newest first. */
    public List<TableChange> newest() {
        return newest.list();
    }

    /** When each route of the newest table came into force as it is. */
    public Map<RouteKey, Instant> since() {
        return since;
    }
}
