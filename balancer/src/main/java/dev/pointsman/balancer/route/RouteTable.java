package dev.pointsman.balancer.route;

import dev.pointsman.balancer.http.NormalPath;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The table of all routes, by which the route of a path is found. The longest matching prefix wins, whatever the order
 * they were given in; prefixes match whole path segments, so {@code /api} takes {@code /api} and {@code /api/x} but not
 * {@code /apix}. Immutable, thread-safe.
 */
public final class RouteTable {
    private final List<Route> routes;
    private final Map<String, Route> byPrefix = new HashMap<>();

    /**
     * A table of these routes.
     *
     * @throws IllegalArgumentException if two routes have the same prefix
     */
    public RouteTable(List<Route> routes) {
        for (Route route : routes) {
            Route other = byPrefix.putIfAbsent(route.prefix(), route);
            if (other != null) {
                throw new IllegalArgumentException("two routes for the prefix " + route.prefix() + ": " + other.target()
                        + " and " + route.target() + " (expected: one)");
            }
        }
        this.routes = routes.stream()
                .sorted(Comparator.comparing((Route route) -> route.prefix().length())
                        .reversed()
                        .thenComparing(Route::prefix))
                .toList();
    }

    /** The routes, longest prefix first: the order in which they are tried. */
    public List<Route> routes() {
        return routes;
    }

    /**
     * The route of a path, or null if there is none. Costs one map look-up per path segment, however many routes there
     * are.
     *
     * @param path a path in normal form, see {@link NormalPath}
     */
    public @Nullable Route match(String path) {
        int end = path.length();
        while (end > 0) {
            Route route = byPrefix.get(path.substring(0, end));
            if (route != null) {
                return route;
            }
            end = path.lastIndexOf('/', end - 1);
        }
        return byPrefix.get("/");
    }
}
