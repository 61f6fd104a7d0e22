package dev.pointsman.balancer.admin;

import dev.pointsman.balancer.history.RouteDiff;
import dev.pointsman.balancer.history.RoutingState;
import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;

/**
 * What the admin API can see and do with routes. Each change is all or nothing, and completes when every event loop routes
 * by it; one that is refused fails with {@link WriteRefusedException}.
 */
public interface RoutingAccess {
    /** The routes in force and the history. Any thread. */
    RoutingState state();

    /** Adds routes, or replaces those that were given here for the same hosts and paths. */
    Future<RouteChange> put(byte[] document, WriteRequest request);

    /** Removes what was given here for a host and a path. */
    Future<RouteChange> delete(String route, WriteRequest request);

    /** Puts the table of a version in force and pins it. */
    Future<RouteChange> rollback(long version, WriteRequest request);

    /** Ends a rollback. */
    Future<RouteChange> release(WriteRequest request);

    /**
     * The circumstances of a change. Immutable.
     *
     * @param what method and path
     * @param who the client's address
     * @param version the change is refused if routes have changed since this one; null for any
     * @param dryRun whether only to find out what it would change
     */
    record WriteRequest(String what, String who, @Nullable Long version, boolean dryRun) {}

    /**
     * What a change did, or would do. Immutable.
     *
     * @param state after it
     * @param diff to the table before it
     */
    record RouteChange(RoutingState state, RouteDiff diff) {}
}
