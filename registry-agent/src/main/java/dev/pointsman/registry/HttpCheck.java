package dev.pointsman.registry;

import java.time.Duration;

/**
 * A check that the registry's agent runs by an HTTP GET: 2xx is passing, 429 warning, all else critical.
 *
 * @param url what to get; the registry's agent, wherever it runs, must be able to reach it
 * @param interval between two runs; Consul raises anything below 1 s to 1 s
 * @param timeout for one run
 * @param deregisterAfter how long the check may stay critical before the registry forgets the service; Consul raises
 *     anything below 1 minute to 1 minute
 */
public record HttpCheck(String url, Duration interval, Duration timeout, Duration deregisterAfter)
        implements ServiceCheck {}
