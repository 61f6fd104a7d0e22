package dev.pointsman.balancer.claim;

import dev.pointsman.balancer.route.HostPattern;
import dev.pointsman.balancer.route.Route;
import dev.pointsman.balancer.route.RouteFilters;
import dev.pointsman.balancer.route.RouteKey;
import dev.pointsman.balancer.route.RouteOptions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The routes of the configuration that let only some in, by {@code auth}, {@code allow} or {@code deny}. An announcement of
 * the same host and path would let everybody in. Immutable, thread-safe.
 */
public final class ProtectedRoutes {
    /** Without a route. */
    public static final ProtectedRoutes NONE = new ProtectedRoutes(List.of());

    private final Map<HostAndPath, Route> routes = new HashMap<>();

    /** A host and a path, whatever else a route asks of requests: a route that takes some of them opens it for these. */
    private record HostAndPath(HostPattern host, String path) {
        static HostAndPath of(RouteKey key) {
            return new HostAndPath(key.host(), TagFence.withoutSlash(key.path()));
        }
    }

    /** @param configured the routes of the configuration; those that let everybody in do not matter */
    public ProtectedRoutes(List<Route> configured) {
        for (Route route : configured) {
            if (!protections(route).isEmpty()) {
                routes.putIfAbsent(HostAndPath.of(route.key()), route);
            }
        }
    }

    /**
     * Why a route may not be announced, and how that can be allowed, as a sentence; null if it may.
     *
     * @param fence may name the route
     */
    @Nullable
    String refusal(RouteKey key, TagFence fence) {
        Route route = routes.get(HostAndPath.of(key));
        if (route == null || fence.names(key)) {
            return null;
        }
        boolean isHost = key.path().equals("/") && !key.host().equals(HostPattern.ANY);
        String naming = isHost ? "allow-hosts: " + key.host() : "allow-prefixes: " + key.path();
        return "\"" + key.host() + key.path() + "\" is not in force, as it would replace the route at "
                + route.origin().where() + " and its " + String.join(", ", protections(route)) + " (expected: another"
                + " route, or tag-routes with " + naming + ", which allows it)";
    }

    private static List<String> protections(Route route) {
        List<String> names = new ArrayList<>();
        List<RouteFilters> filters = route.allOptions()
                .map(RouteOptions::filters)
                .flatMap(Stream::ofNullable)
                .toList();
        if (filters.stream().anyMatch(each -> each.auth() != null)) {
            names.add("auth");
        }
        if (filters.stream().anyMatch(each -> each.access() != null)) {
            names.add("allow or deny");
        }
        return names;
    }
}
