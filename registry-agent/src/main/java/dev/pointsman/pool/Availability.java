package dev.pointsman.pool;

/**
 * Whether an upstream may be picked, and if not, why: one value derived from the registry's facts.
 *
 * <pre>
 *             checks pass or warn                      listed no more
 *   READY ◄──────────────────────► CRITICAL     any ────────────────► GONE
 *     ▲                               ▲
 *     └────────► MAINTENANCE ◄────────┘          READY ◄──► WEIGHTLESS (warning, with weight 0)
 * </pre>
 */
public enum Availability {
    /** May be picked. */
    READY,
    /** The registry's checks warn and the instance's weight in that case is 0. */
    WEIGHTLESS,
    /** A check of the registry is critical. */
    CRITICAL,
    /** An operator took it out of service. */
    MAINTENANCE,
    /** The registry no longer lists it; requests in flight on it finish. */
    GONE
}
