package dev.pointsman.balancer.config;

import java.time.Duration;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * Times and sizes that keep one slow or greedy peer from becoming everyone's problem.
 *
 * @param connect for a TCP connection to an upstream to stand; 2 s by default
 * @param response from the request being sent whole to the first octet of the answer's head; 30 s by default
 * @param idle without an octet on a connection, in either direction, until it is closed; 5 min by default. A stream of
 *     server-sent events that is silent for longer is closed as well
 * @param head from a connection's start to its first complete request head; 10 s by default
 * @param drain for requests in flight to finish when the balancer stops; 10 s by default
 * @param maxHead octets of a request's or an answer's head; 32 KiB by default
 * @param maxBody octets of a request's body, 0 for no limit; none by default
 * @param maxConnections from clients at a time, those beyond are closed at once; 8192 by default
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
    /** The defaults named above. */
    public static final Limits DEFAULT = new Limits(
            Duration.ofSeconds(2),
            Duration.ofSeconds(30),
            Duration.ofMinutes(5),
            Duration.ofSeconds(10),
            Duration.ofSeconds(10),
            32 * 1024,
            0,
            8192);

    /** {@link #response} in nanoseconds. */
    public long responseNanos() {
        return response.toNanos();
    }

    /** The shortest of the times that are watched over all the time. */
    public Duration shortest() {
        return Stream.of(response, idle, head).min(Comparator.naturalOrder()).orElse(response);
    }
}
