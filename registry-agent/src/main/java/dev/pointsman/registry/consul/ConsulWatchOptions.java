package dev.pointsman.registry.consul;

import java.time.Duration;

/**
 * The options of a {@link ConsulRegistry}'s watches.
 *
 * @param blockFor the longest that Consul is asked to wait for a change before it responds with none; 10 ms to 10 min
 *     (Consul's own limit), 5 s by default: a connection that is dead without a word is given up 3 s after that
 * @param retainFor how long self-preservation lasts: for how long an instance still counts that Consul stopped listing in a
 *     response that is in doubt (it was restarted and may just have forgotten it, for instance), as long as it answers: one to which
 *     no connection stands, twice in a row, is gone. {@link #WHILE_ANSWERING} by default; 0 to believe Consul at once. Removals in
 *     normal operation are believed at once in any case
 */
public record ConsulWatchOptions(Duration blockFor, Duration retainFor) {
    private static final Duration SHORTEST_BLOCK = Duration.ofMillis(10);
    private static final Duration LONGEST_BLOCK = Duration.ofMinutes(10);

    /** Longer than any process lives: an instance is retained as long as it answers. */
    public static final Duration WHILE_ANSWERING = Duration.ofDays(36_500);

    /** The defaults: 5 s, and as long as an instance answers. */
    public static final ConsulWatchOptions DEFAULT = new ConsulWatchOptions(Duration.ofSeconds(5), WHILE_ANSWERING);

    public ConsulWatchOptions {
        if (blockFor.compareTo(SHORTEST_BLOCK) < 0 || blockFor.compareTo(LONGEST_BLOCK) > 0) {
            throw new IllegalArgumentException("blockFor: " + blockFor + " (expected: 10 ms to 10 min)");
        }
        if (retainFor.isNegative() || retainFor.compareTo(WHILE_ANSWERING) > 0) {
            throw new IllegalArgumentException("retainFor: " + retainFor + " (expected: 0 to 100 years)");
        }
    }
}
