package dev.pointsman.balancer.plan;

import dev.pointsman.balancer.route.Route;
import dev.pointsman.balancer.route.RouteKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What is different between two tables, whatever requests there are. Immutable.
 *
 * @param added routes of the later table alone
 * @param removed routes of the earlier table alone
 * @param changed routes of both whose target or options are not the same
 */
public record RouteDifference(List<Route> added, List<Route> removed, List<AlteredRoute> changed) {
    /** A route before and after. */
    public record AlteredRoute(Route now, Route then) {
        /** Whether it leads elsewhere; if not, its options alone are others. */
        public boolean isOfTarget() {
            return !leadToTheSame(now, then);
        }

        /** What else is sent as Host (and {@code :authority}), as the end of a line; empty if that stays. */
        String hostChange() {
            String before = host(now);
            String after = host(then);
            return before.equals(after) ? "" : ", host " + before + " => " + after;
        }

        /** Each branch may have its own; fabio's {@code host=dst} is {@code instance}. */
        private static String host(Route route) {
            return route.branches().isEmpty()
                    ? route.options().host()
                    : route.branches().stream()
                            .map(branch -> branch.options().host())
                            .distinct()
                            .collect(Collectors.joining(" or "));
        }
    }

    public RouteDifference {
        added = List.copyOf(added);
        removed = List.copyOf(removed);
        changed = List.copyOf(changed);
    }

    /** The difference, in the order of the tables. */
    static RouteDifference of(List<Route> now, List<Route> then) {
        Map<RouteKey, Route> before = new HashMap<>();
        now.forEach(route -> before.put(route.key(), route));
        List<Route> added = new ArrayList<>();
        List<AlteredRoute> changed = new ArrayList<>();
        for (Route route : then) {
            Route old = before.remove(route.key());
            if (old == null) {
                added.add(route);
            } else if (!leadToTheSame(old, route) || !haveTheSameOptions(old, route)) {
                changed.add(new AlteredRoute(old, route));
            }
        }
        List<Route> removed =
                now.stream().filter(route -> before.containsKey(route.key())).toList();
        return new RouteDifference(added, removed, changed);
    }

    /** Whether two routes lead to the same targets in the same proportions. */
    static boolean leadToTheSame(Route one, Route other) {
        return shares(one).equals(shares(other)) && destination(one).equals(destination(other));
    }

    private static List<Object> shares(Route route) {
        // A weight says something in proportion to others alone.
        return route.branches().stream()
                .<Object>map(branch ->
                        route.branches().size() == 1 ? branch.target() : List.of(branch.target(), branch.weight()))
                .toList();
    }

    static boolean haveTheSameOptions(Route one, Route other) {
        return one.options().equals(other.options())
                && one.branches().stream()
                        .map(branch -> branch.options())
                        .toList()
                        .equals(other.branches().stream()
                                .map(branch -> branch.options())
                                .toList());
    }

    /** Where a route leads to, for people. */
    static String destination(Route route) {
        return route.branches().isEmpty() ? "answered by the balancer" : route.describeTarget();
    }
}
