package dev.pointsman.registry;

import java.time.Duration;

/** A check that the registry's agent runs to find out whether an instance is healthy. */
public sealed interface ServiceCheck permits HttpCheck, TcpCheck {
    /** The time between two runs; Consul raises anything below 1 s to 1 s. */
    Duration interval();

    /** The timeout of one run. */
    Duration timeout();

    /**
     * The time for which the check may stay critical before the registry forgets the service; Consul raises anything
     * below 1 minute to 1 minute.
     */
    Duration deregisterAfter();
}
