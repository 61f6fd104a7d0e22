package dev.pointsman.launcher;

import java.time.Duration;

/**
 * How one instance is doing.
 *
 * @param type its type
 * @param id its id in the registry
 * @param pid its process, 0 when none runs
 * @param port its port, 0 before it has one
 * @param state where it is in its life
 * @param health {@code passing}, {@code critical} or {@code unknown}
 * @param restarts how often its place was filled again
 * @param reason why it is where it is, in one sentence; may be empty
 * @param uptime since its process began; zero when none runs
 * @param cpuPercent of one core, over the last seconds
 * @param memory resident octets
 */
public record InstanceStatus(
        String type,
        String id,
        long pid,
        int port,
        State state,
        String health,
        int restarts,
        String reason,
        Duration uptime,
        double cpuPercent,
        long memory) {
    /** The life of an instance. */
    public enum State {
        /** Its process runs, and is not well yet. */
        STARTING,
        /** Well and registered. */
        RUNNING,
        /** On its way out: still served until nothing is in flight. */
        DRAINING,
        /** Asked to end. */
        STOPPING,
        /** Waits for its next start. */
        BACKOFF,
        /** Stopped by hand. */
        STOPPED,
        /** Given up after too many failed starts. */
        FAILED
    }
}
