package dev.pointsman.registry.consul;

import java.time.Duration;

/**
 * The options of a {@link ConsulRegistry}'s watches.
 *
 * @param blockFor the longest that Consul is asked to wait for a change before it responds with none; 10 ms to 10 min
 *     (Consul's own limit), 55 s by default: under the minute after which many a box between drops silent connections
 * @param retainFor how long self-preservation lasts: for how long an instance still counts that Consul stopped listing when it
 *     was restarted and may just have forgotten it; 30 s by default, enough for services that look after their registration; 0 to believe Consul at
 *     once. Removals in normal operation are believed at once in any case
 */
public record ConsulWatchOptions(Duration blockFor, Duration retainFor) {
    private static final Duration SHORTEST_BLOCK = Duration.ofMillis(10);
    private static final Duration LONGEST_BLOCK = Duration.ofMinutes(10);

    /** The defaults: 55 s and 30 s. */
    public static final ConsulWatchOptions DEFAULT =
            new ConsulWatchOptions(Duration.ofSeconds(55), Duration.ofSeconds(30));

    public ConsulWatchOptions {
        if (blockFor.compareTo(SHORTEST_BLOCK) < 0 || blockFor.compareTo(LONGEST_BLOCK) > 0) {
            throw new IllegalArgumentException("blockFor: " + blockFor + " (expected: 10 ms to 10 min)");
        }
        if (retainFor.isNegative()) {
            throw new IllegalArgumentException("retainFor: " + retainFor + " (expected: 0 or more)");
        }
    }
}
