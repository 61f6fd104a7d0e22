package dev.pointsman.launcher.process;

/**
 * The process that listens on a port.
 *
 * @param kind as far as it is known
 * @param name of another program, as {@code nginx (process 4711)}; else empty
 */
public record PortHolder(HolderKind kind, String name) {
    /** The kind of process that listens on a port. */
    public enum HolderKind {
        /** The program, or a process that it started. */
        OURS,
        /** Another process. */
        ANOTHER,
        /** No process. */
        NONE,
        /** Unknown: another user's process, or no Linux. */
        UNKNOWN
    }
}
