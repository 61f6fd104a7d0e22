package dev.pointsman.balancer;

import dev.pointsman.balancer.route.Route;
import dev.pointsman.balancer.route.RouteKey;
import dev.pointsman.balancer.route.RouteOrigin.RouteSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The routes of all places that they may be written down in. Of two with the same key the one of the later place counts, see
 * {@link RouteSource}; the routes where none are given count only while no place has any, nor is asked for any. Not
 * thread-safe.
 */
final class RouteSources {
    private final Map<RouteSource, List<Route>> bySource = new EnumMap<>(RouteSource.class);
    private final Set<RouteSource> inUse = EnumSet.noneOf(RouteSource.class);

    /**
     * The routes of all places.
     *
     * @param routes those that count
     * @param overruled those that others with the same key overrule
     */
    record MergedRoutes(List<Route> routes, List<Route> overruled) {
        /** None. */
        static final MergedRoutes NONE = new MergedRoutes(List.of(), List.of());
    }

    /**
     * Replaces the routes of one place.
     *
     * @param isInUse whether the place is used by somebody, with or without success: then it replaces the default routes
     */
    void put(RouteSource source, List<Route> routes, boolean isInUse) {
        bySource.put(source, List.copyOf(routes));
        if (isInUse) {
            inUse.add(source);
        } else {
            inUse.remove(source);
        }
    }

    /** The same in another object, to see what a change would do. */
    private RouteSources copy() {
        RouteSources copy = new RouteSources();
        copy.bySource.putAll(bySource);
        copy.inUse.addAll(inUse);
        return copy;
    }

    /** What all places say together, in one pass. */
    MergedRoutes merged() {
        Map<RouteKey, Route> byKey = new LinkedHashMap<>();
        List<Route> overruled = new ArrayList<>();
        bySource.forEach((source, routes) -> {
            if (source == RouteSource.DEFAULT && !inUse.isEmpty()) {
                return;
            }
            for (Route route : routes) {
                Route before = byKey.put(route.key(), route);
                if (before != null) {
                    overruled.add(before);
                }
            }
        });
        return new MergedRoutes(List.copyOf(byKey.values()), overruled);
    }

    /** The routes that would count if one place said something else. */
    List<Route> mergedWith(RouteSource source, List<Route> routes, boolean isInUse) {
        RouteSources other = copy();
        other.put(source, routes, isInUse);
        return other.merged().routes();
    }
}
