package dev.pointsman.balancer.route;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The options of one route, where it differs from the settings for all.
 *
 * @param host the Host that instances get: {@link #HOST_AS_SENT} (the default) the client's, {@link #HOST_OF_INSTANCE}
 *     the instance's own address and port, else this one
 * @param path what becomes of the path before it is forwarded; nothing by default
 * @param response from a request being sent whole to the head of its response; null for the balancer's
 *     {@code response-timeout}
 * @param attempt how long an idempotent request may wait for one instance before it goes on to another, null (the
 *     default) for as long as {@code response}
 * @param maxBody bytes of a request's body, 0 for no limit; null for the balancer's {@code max-body}
 * @param pool how the route picks among its instances
 * @param filters what else it does with requests and responses; null (the default) for nothing
 */
public record RouteOptions(
        String host,
        PathRewrite path,
        @Nullable Duration response,
        @Nullable Duration attempt,
        @Nullable Long maxBody,
        PoolSettings pool,
        @Nullable RouteFilters filters) {
    /** The Host field as the client sent it. */
    public static final String HOST_AS_SENT = "as-sent";

    /** A Host field with address and port of the picked instance. */
    public static final String HOST_OF_INSTANCE = "instance";

    /** The options of a route that does not differ. */
    public static final RouteOptions DEFAULT =
            new RouteOptions(HOST_AS_SENT, PathRewrite.NONE, null, null, null, PoolSettings.DEFAULT, null);

    /** The same with another way to pick and to reach instances. */
    public RouteOptions with(PoolSettings other) {
        return new RouteOptions(host, path, response, attempt, maxBody, other, filters);
    }
}
