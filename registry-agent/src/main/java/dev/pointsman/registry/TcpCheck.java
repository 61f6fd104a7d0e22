package dev.pointsman.registry;

import java.time.Duration;

/**
 * A check that the registry's agent runs by opening a TCP connection: passing when it opens, else critical.
 *
 * @param authority host and port as in a URL, IPv6 literals in brackets; the registry's agent, wherever it runs, must be
 *     able to reach it
 * @param interval see {@link ServiceCheck#interval()}
 * @param timeout see {@link ServiceCheck#timeout()}
 * @param deregisterAfter see {@link ServiceCheck#deregisterAfter()}
 */
public record TcpCheck(String authority, Duration interval, Duration timeout, Duration deregisterAfter)
        implements ServiceCheck {}
