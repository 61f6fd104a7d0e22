package dev.pointsman.balancer.plan;

import dev.pointsman.balancer.route.RecentRequest;
import dev.pointsman.balancer.route.Route;
import dev.pointsman.balancer.route.RouteTable;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What another table of routes would have done with recent requests, against the table in force. Nothing of it is guessed:
 * requests whose route depends on fields or a query that are not kept are counted apart. Immutable.
 *
 * @param requests how many were replayed
 * @param groups those that are treated in the same way, for each way that is a difference
 * @param unchanged how many would go to the same target with the same options
 * @param unrouted how many got 404 and would get it again
 * @param routes how the tables differ
 * @param routesThen how many routes there would be
 * @param unused the routes of the new table that none of the requests would have taken, in its order
 */
public record RoutePlan(
        int requests,
        Map<PlannedFate, PlannedGroup> groups,
        int unchanged,
        int unrouted,
        RouteDifference routes,
        int routesThen,
        List<Route> unused) {
    /** What would become of a request that is not treated as it is now. In the order in which it matters. */
    public enum PlannedFate {
        /** It has a route, and would get 404. */
        LOST,
        /** It would go to another target. */
        MOVED,
        /** It would go to the same target, but by a route with another key or other options. */
        ALTERED,
        /** It got 404, and would have a route. */
        GAINED,
        /** Its route depends on fields or parameters of the query, which are not kept. */
        UNCERTAIN
    }

    /** How a request without a route is shown. */
    static final String NONE = "404";

    public RoutePlan {
        groups = Collections.unmodifiableMap(new EnumMap<>(groups));
        unused = List.copyOf(unused);
    }

    /** Replays requests against two tables. */
    public static RoutePlan of(Collection<RecentRequest> recent, RouteTable now, RouteTable then) {
        Map<PlannedFate, GroupCount> counts = new EnumMap<>(PlannedFate.class);
        Set<Route> used = Collections.newSetFromMap(new IdentityHashMap<>());
        int unchanged = 0;
        int unrouted = 0;
        for (RecentRequest request : recent) {
            Replay before = Replay.of(now, request);
            Replay after = Replay.of(then, request);
            used.addAll(after.before());
            if (after.route() != null) {
                used.add(after.route());
            }
            PlannedFate fate = fate(before, after);
            if (fate != null) {
                counts.computeIfAbsent(fate, each -> new GroupCount()).add(request, describe(before), describe(after));
            } else if (after.route() == null && after.before().isEmpty()) {
                unrouted++;
            } else {
                unchanged++;
            }
        }
        Map<PlannedFate, PlannedGroup> groups = new EnumMap<>(PlannedFate.class);
        for (PlannedFate fate : PlannedFate.values()) {
            groups.put(fate, counts.getOrDefault(fate, new GroupCount()).group());
        }
        return new RoutePlan(
                recent.size(),
                groups,
                unchanged,
                unrouted,
                RouteDifference.of(now.routes(), then.routes()),
                then.routes().size(),
                then.routes().stream().filter(route -> !used.contains(route)).toList());
    }

    /** What becomes of a request; null if it is what it was. */
    private static @Nullable PlannedFate fate(Replay before, Replay after) {
        if (!before.before().isEmpty() || !after.before().isEmpty()) {
            return isTheSame(before, after) ? null : PlannedFate.UNCERTAIN;
        }
        Route from = before.route();
        Route to = after.route();
        if (from == null || to == null) {
            if (from == null && to == null) {
                return null;
            }
            return from == null ? PlannedFate.GAINED : PlannedFate.LOST;
        }
        if (!RouteDifference.leadToTheSame(from, to)) {
            return PlannedFate.MOVED;
        }
        return isTheSame(from, to) ? null : PlannedFate.ALTERED;
    }

    /** Whether both tables decide alike whatever is not known: by the same routes in the same order. */
    private static boolean isTheSame(Replay one, Replay other) {
        if (one.before().size() != other.before().size() || !isTheSame(one.route(), other.route())) {
            return false;
        }
        for (int i = 0; i < one.before().size(); i++) {
            if (!isTheSame(one.before().get(i), other.before().get(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isTheSame(@Nullable Route one, @Nullable Route other) {
        if (one == null || other == null) {
            return one == null && other == null;
        }
        return one.key().equals(other.key())
                && RouteDifference.leadToTheSame(one, other)
                && RouteDifference.haveTheSameOptions(one, other);
    }

    private static String describe(Replay replay) {
        StringBuilder text = new StringBuilder();
        replay.before().forEach(each -> text.append(describe(each)).append(" or "));
        return text.append(replay.route() == null ? NONE : describe(replay.route()))
                .toString();
    }

    /** A route in one line: its key, and where it leads to. */
    static String describe(Route route) {
        return route.key() + " -> " + RouteDifference.destination(route);
    }

    /** The requests with this fate. */
    public PlannedGroup group(PlannedFate fate) {
        PlannedGroup group = groups.get(fate);
        return group == null ? new PlannedGroup(0, List.of(), List.of()) : group;
    }

    /** Whether a request that has a route would have none. */
    public boolean losesRequests() {
        return group(PlannedFate.LOST).requests() > 0;
    }
}
