package dev.pointsman.balancer.route;

import org.jspecify.annotations.Nullable;

/**
 * A request that was routed a while ago: by what it was routed, as far as that is kept, and to which route. Neither its query
 * nor its fields are kept. Immutable.
 *
 * @param method as it was sent
 * @param host the requested host as it was sent, with its port; null if none was
 * @param path the path in normal form, without the query
 * @param route the route that took it, of the table that was in force then; null if none did, and it got 404
 * @param at when, in nanoseconds of the process's clock
 */
public record RecentRequest(
        String method,
        @Nullable String host,
        String path,
        @Nullable Route route,
        long at) {}
