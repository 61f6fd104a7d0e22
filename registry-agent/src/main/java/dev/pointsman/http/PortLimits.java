package dev.pointsman.http;

import java.time.Duration;

/**
 * The limits of a port's clients.
 *
 * @param maxHead bytes of a request's head; the request line may be as long
 * @param maxBody bytes of a request's body
 * @param maxConnections from clients at a time; those beyond get 503 and are closed
 * @param head from a connection's start, or a head's first byte, to a complete head; then 408
 * @param body from a complete head to a complete body; then 408. How long a response takes is not limited
 * @param idle without a request on a connection, or without a client reading what is sent to it, until it is closed
 */
public record PortLimits(int maxHead, long maxBody, int maxConnections, Duration head, Duration body, Duration idle) {
    private static final Duration FASTEST_CHECK = Duration.ofMillis(20);

    /** How often the times are checked: often enough for the shortest of them. */
    Duration checkEvery() {
        Duration shortest = head.compareTo(body) < 0 ? head : body;
        Duration fine = (idle.compareTo(shortest) < 0 ? idle : shortest).dividedBy(8);
        return fine.compareTo(FASTEST_CHECK) < 0 ? FASTEST_CHECK : fine;
    }
}
