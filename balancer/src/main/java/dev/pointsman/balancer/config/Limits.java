package dev.pointsman.balancer.config;

import dev.pointsman.settings.Option;
import java.time.Duration;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * The timeouts and sizes that keep one slow or greedy peer from harming all others.
 *
 * @param connect for a TCP connection to an instance to stand
 * @param response from the request being sent whole to the first byte of the response's head
 * @param idle without a byte on a connection, in either direction, until it is closed. A stream of
 *     server-sent events that is silent for longer is closed as well
 * @param head from a connection's start to its first complete request head
 * @param grace for clients to go elsewhere before the port closes, when the balancer stops
 * @param drain for requests in flight to finish when the balancer stops
 * @param maxHead bytes of a request's or a response's head
 * @param maxBody bytes of a request's body, 0 for no limit
 * @param maxConnections from clients at a time, those beyond are closed at once
 */
public record Limits(
        Duration connect,
        Duration response,
        Duration idle,
        Duration head,
        Duration grace,
        Duration drain,
        int maxHead,
        long maxBody,
        int maxConnections) {
    /** The limits by the defaults of the settings. */
    public static final Limits DEFAULT = of(Option::defaultValue);

    /** The values of settings. */
    @FunctionalInterface
    interface SettingValues {
        <T> T get(Option<T> option);
    }

    /** The limits by these values. */
    static Limits of(SettingValues values) {
        return new Limits(
                values.get(BalancerSettings.CONNECT_TIMEOUT),
                values.get(BalancerSettings.RESPONSE_TIMEOUT),
                values.get(BalancerSettings.IDLE_TIMEOUT),
                values.get(BalancerSettings.HEAD_TIMEOUT),
                values.get(BalancerSettings.GRACE),
                values.get(BalancerSettings.DRAIN),
                values.get(BalancerSettings.MAX_HEAD),
                values.get(BalancerSettings.MAX_BODY),
                values.get(BalancerSettings.MAX_CONNECTIONS));
    }

    /** {@link #response} in nanoseconds. */
    public long responseNanos() {
        return response.toNanos();
    }

    /** The shortest of the times that are watched over all the time. */
    public Duration shortest() {
        return Stream.of(response, idle, head).min(Comparator.naturalOrder()).orElse(response);
    }
}
