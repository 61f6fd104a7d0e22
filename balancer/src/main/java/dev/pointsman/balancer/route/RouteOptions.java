package dev.pointsman.balancer.route;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The options of one route, where it differs from the settings for all.
 *
 * @param host the Host that instances get: {@link #HOST_AS_SENT} (the default) the client's, {@link #HOST_OF_INSTANCE}
 *     the instance's own address and port, else this one
 * @param stripPrefix whether the route's prefix is taken off the path before it is forwarded; not by default
 * @param addPrefix what is put before the path, after the stripping; nothing by default. Starts with {@code /}, does
 *     not end with one
 * @param response from a request being sent whole to the head of its response; null for the balancer's
 *     {@code response-timeout}
 * @param attempt how long an idempotent request may wait for one instance before it goes on to another, null (the
 *     default) for as long as {@code response}
 * @param maxBody bytes of a request's body, 0 for no limit; null for the balancer's {@code max-body}
 * @param pool how the route picks among its instances
 */
public record RouteOptions(
        String host,
        boolean stripPrefix,
        String addPrefix,
        @Nullable Duration response,
        @Nullable Duration attempt,
        @Nullable Long maxBody,
        PoolSettings pool) {
    /** The Host field as the client sent it. */
    public static final String HOST_AS_SENT = "as-sent";

    /** A Host field with address and port of the picked instance. */
    public static final String HOST_OF_INSTANCE = "instance";

    /** The options of a route that does not differ. */
    public static final RouteOptions DEFAULT =
            new RouteOptions(HOST_AS_SENT, false, "", null, null, null, PoolSettings.DEFAULT);
}
