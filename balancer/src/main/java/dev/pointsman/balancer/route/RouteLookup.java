package dev.pointsman.balancer.route;

import dev.pointsman.pool.RequestFacts;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An index of routes: finds the route of a request. Immutable, thread-safe. */
public interface RouteLookup {
    /**
     * The entry of the route that a request takes, or null if none takes it.
     *
     * @param host the requested host as it was sent, with its port; null if none was
     * @param path the path in normal form
     * @param request the method and what else routes may ask for
     */
    @Nullable
    TableEntry find(@Nullable String host, String path, RoutedFacts request);

    /**
     * The entries of the routes whose host and path match, in the order in which they are tried, whatever else they ask of a
     * request.
     *
     * @param host the requested host as it was sent, with its port; null if none was
     * @param path the path in normal form
     */
    List<TableEntry> candidates(@Nullable String host, String path);

    /**
     * A route of a table.
     *
     * @param index its place among the table's routes
     */
    record TableEntry(int index, Route route) {}

    /** The facts of a request that routes may ask for. */
    interface RoutedFacts extends RequestFacts {
        /** The facts of a GET about which nothing else is known. */
        RoutedFacts NONE = () -> "GET";

        /** The request's method. */
        String method();
    }
}
