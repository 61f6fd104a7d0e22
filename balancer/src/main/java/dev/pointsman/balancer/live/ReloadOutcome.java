package dev.pointsman.balancer.live;

/**
 * What became of a reload. Immutable.
 *
 * @param kind whether anything changed
 * @param state the state after it
 */
public record ReloadOutcome(ReloadKind kind, ConfigState state) {
    /** The ways in which a reload can end. */
    public enum ReloadKind {
        /** A new version is in force. */
        APPLIED,
        /** Nothing was to change, or only what waits for the next start. */
        UNCHANGED,
        /** Something is wrong, and the same version as before is in force. */
        REFUSED
    }
}
