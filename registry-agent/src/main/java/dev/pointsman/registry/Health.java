package dev.pointsman.registry;

/**
 * The health of an instance by the registry's checks, from best to worst. An instance has several checks (its own and its
 * node's); the worst one counts, as Consul's own DNS does it.
 */
public enum Health {
    /** Every check passes, or there is none. */
    PASSING,
    /** The worst check is a warning: the instance still takes traffic, by {@link Weights#warning()}. */
    WARNING,
    /** At least one check is critical: the instance gets nothing. */
    CRITICAL,
    /** An operator took the instance or its node out of service: it gets nothing, whatever its checks say. */
    MAINTENANCE
}
