package dev.pointsman.balancer.history;

import dev.pointsman.balancer.route.Branch;
import dev.pointsman.balancer.route.Route;
import dev.pointsman.balancer.route.RouteKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The difference between two tables of routes, key by key. The line that a route is written in is none: a comment above it
 * changes nothing. Immutable.
 *
 * @param added the routes of keys that only the later table has
 * @param removed the routes of keys that only the earlier one has
 * @param changed the routes of keys that both have, where they are not the same
 */
public record RouteDiff(List<Route> added, List<Route> removed, List<ChangedRoute> changed) {
    /** No difference. */
    public static final RouteDiff NONE = new RouteDiff(List.of(), List.of(), List.of());

    /** A route that is in both tables and not the same. */
    public record ChangedRoute(Route before, Route after) {
        /**
         * What is different, a sentence each: {@code strip-prefix: true (was false)}. Found out when it is asked for, as a
         * reload may change thousands of routes that nobody looks at.
         */
        public List<String> what() {
            return RouteDiff.what(before, after);
        }
    }

    public RouteDiff {
        added = List.copyOf(added);
        removed = List.copyOf(removed);
        changed = List.copyOf(changed);
    }

    /** Compares two tables, each with every key once. */
    public static RouteDiff between(List<Route> before, List<Route> after) {
        Map<RouteKey, Route> left = new HashMap<>();
        before.forEach(route -> left.put(route.key(), route));
        List<Route> added = new ArrayList<>();
        List<ChangedRoute> changed = new ArrayList<>();
        for (Route route : after) {
            Route old = left.remove(route.key());
            if (old == null) {
                added.add(route);
            } else if (!isSame(old, route)) {
                changed.add(new ChangedRoute(old, route));
            }
        }
        List<Route> removed =
                before.stream().filter(route -> left.containsKey(route.key())).toList();
        return new RouteDiff(added, removed, changed);
    }

    /** Whether two routes do the same, and come from the same kind of place. */
    static boolean isSame(Route one, Route other) {
        return one.origin().source() == other.origin().source()
                && one.key().equals(other.key())
                && one.branches().equals(other.branches())
                && one.options().equals(other.options());
    }

    private static List<String> what(Route before, Route after) {
        List<String> what = new ArrayList<>();
        if (before.origin().source() != after.origin().source()) {
            what.add(was("source", sourceOf(after), sourceOf(before)));
        }
        if (!before.describeTarget().equals(after.describeTarget())) {
            what.add(was("to", orNothing(after.describeTarget()), orNothing(before.describeTarget())));
        }
        what.addAll(OptionTexts.changes(before.options(), after.options()));
        if (before.branches().size() > 1 || after.branches().size() > 1) {
            branches(before, after, what);
        }
        return what.isEmpty() ? List.of("details that have no name") : what;
    }

    /** The options of branches with the same target; of a single branch they are the route's. */
    private static void branches(Route before, Route after, List<String> what) {
        Map<String, Branch> old = new HashMap<>();
        before.branches().forEach(branch -> old.put(branch.target().name(), branch));
        for (Branch branch : after.branches()) {
            Branch other = old.get(branch.target().name());
            if (other != null) {
                OptionTexts.changes(other.options(), branch.options())
                        .forEach(each -> what.add(branch.target().name() + ": " + each));
            }
        }
    }

    static String was(String name, String now, String before) {
        return name + ": " + now + " (was " + before + ")";
    }

    private static String orNothing(String target) {
        return target.isEmpty() ? "nothing" : target;
    }

    private static String sourceOf(Route route) {
        return route.origin().source().name().toLowerCase(Locale.ROOT);
    }

    public boolean isEmpty() {
        return added.isEmpty() && removed.isEmpty() && changed.isEmpty();
    }

    /** How many routes are different. */
    int size() {
        return added.size() + removed.size() + changed.size();
    }

    /** The difference in a few words. */
    public String summary() {
        if (isEmpty()) {
            return "nothing";
        }
        List<String> parts = new ArrayList<>();
        count(parts, added.size(), "added");
        count(parts, changed.size(), "changed");
        count(parts, removed.size(), "removed");
        return String.join(", ", parts);
    }

    private static void count(List<String> parts, int number, String what) {
        if (number > 0) {
            parts.add(number + " " + what);
        }
    }
}
