package dev.pointsman.launcher.plan;

import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The rules for when the instances of one type are started again.
 *
 * @param minUptime how long an instance must have been up for its failures before not to count any more. Default: 30 s
 * @param delay the least time before every restart; zero for at once the first time, then after 100 ms, doubling to 30 s. Default: zero
 * @param stopExitCodes the exit codes after which an instance is not restarted, as if it had been stopped by hand. Default: none
 * @param schedule when the type is reloaded by itself, or null for never. Default: null
 */
public record RestartRules(
        Duration minUptime,
        Duration delay,
        Set<Integer> stopExitCodes,
        @Nullable CronSchedule schedule) {
    /** The default rules. */
    public static final RestartRules DEFAULT = new RestartRules(Duration.ofSeconds(30), Duration.ZERO, Set.of(), null);

    public RestartRules {
        stopExitCodes = Set.copyOf(stopExitCodes);
    }
}
