package dev.pointsman.pool;

/**
 * Whether an upstream may be picked, and if not, why: one value derived from the registry's facts and from how attempts
 * ended here. The order is that of preference.
 *
 * <pre>
 *             attempts fail            its time is over
 *   READY ──────────────────► EJECTED ◄────────────────► PROBING ───► READY
 *                                          it fails          it responds
 *
 *             checks pass or warn                      listed no more
 *   READY ◄──────────────────────► CRITICAL     any ────────────────► GONE
 *     ▲                               ▲
 *     └────────► MAINTENANCE ◄────────┘          READY ◄──► WEIGHTLESS (its weight is 0)
 *
 *         it is drained here            it is readmitted
 *   any ────────────────────► DRAINED ──────────────────► what it is without that
 *
 *               it is readmitted
 *   EJECTED, PROBING ──────────► READY
 * </pre>
 *
 * A state that comes from the registry hides whether the upstream is ejected as well, and being drained hides both.
 */
public enum Availability {
    /** May be picked. */
    READY,
    /** Was ejected, and may be picked for one request at a time until it responds to one. */
    PROBING,
    /** Failed requests of this process and is left out for a while, see {@link OutlierOptions}. */
    EJECTED,
    /** Its weight is 0: by its own metadata, or by the registry while its checks warn. */
    WEIGHTLESS,
    /** Has a critical check in the registry. */
    CRITICAL,
    /** Was taken out of service by an operator, in the registry. */
    MAINTENANCE,
    /** Was taken out of service in this process alone, see {@link Pool#drain}; requests in flight on it finish. */
    DRAINED,
    /** Is no longer listed by the registry; requests in flight on it finish. */
    GONE
}
