package dev.pointsman.balancer.config;

import java.time.Duration;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * Times and sizes that keep one slow or greedy peer from becoming everyone's problem.
 *
 * @param connect for a TCP connection to an instance to stand
 * @param response from the request being sent whole to the first byte of the response's head
 * @param idle without an byte on a connection, in either direction, until it is closed. A stream of
 *     server-sent events that is silent for longer is closed as well
 * @param head from a connection's start to its first complete request head
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
        Duration drain,
        int maxHead,
        long maxBody,
        int maxConnections) {
    /** The defaults of the settings. */
    public static final Limits DEFAULT = new Limits(
            BalancerSettings.CONNECT_TIMEOUT.defaultValue(),
            BalancerSettings.RESPONSE_TIMEOUT.defaultValue(),
            BalancerSettings.IDLE_TIMEOUT.defaultValue(),
            BalancerSettings.HEAD_TIMEOUT.defaultValue(),
            BalancerSettings.DRAIN.defaultValue(),
            BalancerSettings.MAX_HEAD.defaultValue(),
            BalancerSettings.MAX_BODY.defaultValue(),
            BalancerSettings.MAX_CONNECTIONS.defaultValue());

    /** {@link #response} in nanoseconds. */
    public long responseNanos() {
        return response.toNanos();
    }

    /** The shortest of the times that are watched over all the time. */
    public Duration shortest() {
        return Stream.of(response, idle, head).min(Comparator.naturalOrder()).orElse(response);
    }
}
