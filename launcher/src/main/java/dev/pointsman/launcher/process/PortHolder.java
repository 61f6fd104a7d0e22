package dev.pointsman.launcher.process;

/**
 * The process that listens on a port.
 *
 * @param kind as far as it can be told
 * @param name of another program, as {@code nginx (process 4711)}; else empty
 */
public record PortHolder(HolderKind kind, String name) {
    /** Its kind. */
    public enum HolderKind {
        /** The program, or something that it started. */
        OURS,
        /** Something else. */
        ANOTHER,
        /** No process. */
        NONE,
        /** It cannot be told: another user's process, or no Linux. */
        UNKNOWN
    }
}
