package dev.pointsman.balancer.upstream;

import java.time.Duration;

/**
 * The timeouts and sizes of connections to upstreams.
 *
 * @param connect for a TCP connection to be established
 * @param keepAlive how long an idle connection is kept, unless the upstream says otherwise by Keep-Alive
 * @param idle how long a request may be without a byte in either direction
 * @param maxHead bytes of a response's head
 * @param chunk the largest piece of a body that is passed on at once, in bytes
 * @param writeBuffer bytes that may wait to be sent before the sender is asked to pause
 */
public record ConnectionOptions(
        Duration connect, Duration keepAlive, Duration idle, int maxHead, int chunk, int writeBuffer) {
    /**
     * The time for which an idle connection is used again: below the 5 s after which Node.js closes one, first of the
     * common servers.
     */
    public static final Duration KEEP_ALIVE = Duration.ofSeconds(4);
}
