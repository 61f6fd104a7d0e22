package dev.pointsman.launcher.process;

/**
 * Who listens on a port.
 *
 * @param kind as far as it can be told
 * @param name of the one that is not ours, as {@code nginx (process 4711)}; else empty
 */
public record PortHolder(Kind kind, String name) {
    /** Who it is. */
    public enum Kind {
        /** The program, or something that it started. */
        OURS,
        /** Something else. */
        ANOTHER,
        /** Nobody. */
        NOBODY,
        /** It cannot be told: another user's process, or no Linux. */
        UNKNOWN
    }
}
