package dev.pointsman.registry.consul;

import java.time.Duration;

/**
 * How a {@link ConsulRegistry} watches.
 *
 * @param blockFor the longest that Consul is asked to wait for a change before it answers with none; 10 ms to 10 min
 *     (Consul's own limit), 55 s by default: under the minute after which many a box between drops silent connections
 * @param holdFor how long an instance still counts that Consul stopped listing when it was restarted and may just have
 *     forgotten it; 30 s by default, enough for services that look after their registration; 0 to believe Consul at
 *     once. Removals in normal operation are believed at once in any case
 */
public record ConsulWatchOptions(Duration blockFor, Duration holdFor) {
    private static final Duration SHORTEST_BLOCK = Duration.ofMillis(10);
    private static final Duration LONGEST_BLOCK = Duration.ofMinutes(10);

    /** 55 s and 30 s. */
    public static final ConsulWatchOptions DEFAULT =
            new ConsulWatchOptions(Duration.ofSeconds(55), Duration.ofSeconds(30));

    public ConsulWatchOptions {
        if (blockFor.compareTo(SHORTEST_BLOCK) < 0 || blockFor.compareTo(LONGEST_BLOCK) > 0) {
            throw new IllegalArgumentException("blockFor: " + blockFor + " (expected: 10 ms to 10 min)");
        }
        if (holdFor.isNegative()) {
            throw new IllegalArgumentException("holdFor: " + holdFor + " (expected: 0 or more)");
        }
    }
}
