package dev.pointsman.balancer.route;

import dev.pointsman.balancer.http.NormalPath;
import dev.pointsman.balancer.http.RequestTarget;
import dev.pointsman.balancer.route.HostPattern.HostKind;
import dev.pointsman.balancer.route.RouteKey.PathMatching;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The table of all routes, by which the route of a request is found. The most specific route wins, whatever the order they
 * were given in: by host, then by path, then by further conditions (see {@link RouteKey}). Prefixes match whole path
 * segments, so {@code /api} takes {@code /api} and {@code /api/x} but not {@code /apix}. Routes in fabio's language are
 * found by an index of their own; of two candidates the one with the more specific host wins, then the one with the longer
 * path, then ours. Immutable, thread-safe.
 */
public final class RouteTable implements RouteLookup {
    private static final Comparator<Route> MOST_SPECIFIC_FIRST = Comparator.comparing(
                    (Route route) -> route.key().host().kind())
            .thenComparing(route -> route.key().host().name().length(), Comparator.reverseOrder())
            .thenComparing(route -> route.key().host().name())
            .thenComparing(route -> route.key().path().length(), Comparator.reverseOrder())
            .thenComparing(route -> route.key().path())
            .thenComparing(route -> route.key().match().conditions(), Comparator.reverseOrder());

    private final List<Route> routes;
    private final SegmentIndex own;
    private final @Nullable RouteLookup foreign;
    private final TcpIndex tcp;
    private final boolean isGuarded;

    /**
     * A table of routes in our own language.
     *
     * @throws IllegalArgumentException if two routes have the same key
     */
    public RouteTable(List<Route> routes) {
        this(routes, none -> null);
    }

    /**
     * A table of routes.
     *
     * @param foreign makes the index of those that are not in our own language; only asked if there are any
     * @throws IllegalArgumentException if two routes have the same key
     */
    public RouteTable(List<Route> routes, Function<List<TableEntry>, @Nullable RouteLookup> foreign) {
        refuseTwins(routes);
        this.routes = routes.stream().sorted(MOST_SPECIFIC_FIRST).toList();
        List<TableEntry> segments = new ArrayList<>();
        List<TableEntry> others = new ArrayList<>();
        List<TableEntry> connections = new ArrayList<>();
        for (int i = 0; i < this.routes.size(); i++) {
            TableEntry entry = new TableEntry(i, this.routes.get(i));
            RouteKey key = entry.route().key();
            if (key.isTcp()) {
                connections.add(entry);
            } else {
                (key.matching() == PathMatching.SEGMENTS ? segments : others).add(entry);
            }
        }
        this.tcp = new TcpIndex(connections);
        this.own = new SegmentIndex(segments);
        this.foreign = others.isEmpty() ? null : foreign.apply(others);
        this.isGuarded = this.routes.stream().anyMatch(Route::isGuarded);
    }

    private static void refuseTwins(List<Route> routes) {
        Map<RouteKey, Route> byKey = new HashMap<>();
        for (Route route : routes) {
            Route other = byKey.putIfAbsent(route.key(), route);
            if (other != null) {
                throw new IllegalArgumentException("two routes for " + route.key() + ": " + other.describeTarget()
                        + " and " + route.describeTarget() + " (expected: one)");
            }
        }
    }

    /**
     * The route of a connection that is relayed as it is, or null if none takes it: an exact name before a wildcard, before none.
     *
     * @param port as it is configured
     * @param name what the client asks for by SNI, in lower case; null for none
     * @param announced whether routes of all ports that pass TLS through count there
     */
    public @Nullable TableEntry find(int port, @Nullable String name, boolean announced) {
        return tcp.find(port, name, announced);
    }

    /** The routes, the most specific first. */
    public List<Route> routes() {
        return routes;
    }

    /**
     * {@inheritDoc}
     *
     * @param path a path in normal form, see {@link NormalPath}
     */
    @Override
    public @Nullable TableEntry find(@Nullable String host, String path, RoutedFacts request) {
        TableEntry found = own.find(host, path, request);
        if (foreign == null) {
            return found;
        }
        TableEntry other = foreign.find(host, path, request);
        return other == null || (found != null && isAtLeastAsSpecific(found, other)) ? found : other;
    }

    /**
     * Whether a request gets around a route that only some may use: by a spelling of that route's path that its instance may
     * fold, while here another route takes it. Costs nothing where no route is guarded so, and little for a plain path.
     *
     * @param taken the route that takes the request; null for none
     */
    public boolean isBypassed(@Nullable Route taken, @Nullable String host, RequestTarget target, RoutedFacts request) {
        if (!isGuarded) {
            return false;
        }
        String folded = target.foldedPath();
        TableEntry other = folded == null ? null : find(host, folded, request);
        return other != null
                && other.route().isGuarded()
                && (taken == null || !taken.key().equals(other.route().key()));
    }

    @Override
    public List<TableEntry> candidates(@Nullable String host, String path) {
        List<TableEntry> merged = own.candidates(host, path);
        if (foreign == null) {
            return merged;
        }
        int at = 0;
        for (TableEntry other : foreign.candidates(host, path)) {
            while (at < merged.size() && isAtLeastAsSpecific(merged.get(at), other)) {
                at++;
            }
            merged.add(at++, other);
        }
        return merged;
    }

    private static boolean isAtLeastAsSpecific(TableEntry own, TableEntry other) {
        RouteKey key = own.route().key();
        RouteKey otherKey = other.route().key();
        int host = rank(key.host().kind()) - rank(otherKey.host().kind());
        return host == 0 ? key.path().length() >= otherKey.path().length() : host < 0;
    }

    private static int rank(HostKind kind) {
        return switch (kind) {
            case EXACT -> 0;
            case WILDCARD, GLOB -> 1;
            case ANY -> 2;
        };
    }

    /** The route of a GET for a path, of which nothing else is known; null if there is none. */
    public @Nullable Route match(String path) {
        TableEntry found = find(null, path, RoutedFacts.NONE);
        return found == null ? null : found.route();
    }
}
