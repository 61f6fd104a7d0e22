package dev.pointsman.launcher.api;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The status of one instance.
 *
 * @param type its type
 * @param number which of the instances of its type it is, from 0; one that is replaced and its replacement have the same
 * @param id its id in the registry
 * @param pid its process, 0 when none runs
 * @param port its port, 0 before it has one
 * @param state where it is in its life
 * @param health {@code passing}, {@code critical} or {@code unknown}
 * @param restarts how often the instance of its slot was replaced without having been asked to: it had failed, or used too
 *     much memory
 * @param reason why it is where it is, in one sentence; may be empty
 * @param uptime since its process began; zero when none runs
 * @param cpuPercent of one core, over the last seconds
 * @param memory resident bytes
 * @param lastReplaced the last replacement of the instance of its slot, or null before the first
 */
public record InstanceStatus(
        String type,
        int number,
        String id,
        long pid,
        int port,
        InstanceState state,
        String health,
        int restarts,
        String reason,
        Duration uptime,
        double cpuPercent,
        long memory,
        @Nullable LastReplacement lastReplaced) {
    /** The state of an instance, or of a slot without one. */
    public enum InstanceState {
        /** Its process runs, and is not healthy yet. */
        STARTING,
        /** Healthy and registered. */
        RUNNING,
        /** Being stopped: still serves until no request is in flight. */
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
