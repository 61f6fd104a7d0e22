package dev.pointsman.balancer.upstream;

import java.time.Duration;

/**
 * How to deal with upstreams.
 *
 * @param connect for a TCP connection to stand
 * @param keepAlive how long an idle connection is kept, unless the upstream says otherwise by Keep-Alive
 * @param idle how long a request may be without an octet in either direction
 * @param maxHead octets of an answer's head
 * @param chunk the largest piece of a body that is passed on at once, in octets
 * @param writeBuffer octets that may wait to be sent before the sender is asked to pause
 */
public record ConnectionOptions(
        Duration connect, Duration keepAlive, Duration idle, int maxHead, int chunk, int writeBuffer) {}
