package dev.pointsman.agent;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How often {@link Upkeep} acts.
 *
 * @param look between two looks at a registration that is there, before jitter
 * @param firstBackoff the upper bound of the first wait after a failure; it doubles with each further one
 * @param maxBackoff where the doubling ends
 * @param refused between two tries when the registry says no, before jitter
 */
public record Pace(Duration look, Duration firstBackoff, Duration maxBackoff, Duration refused) {
    /** Quick, because each look is one cheap call to an agent nearby, and balancers wait for our coming back. */
    public static final Pace DEFAULT =
            new Pace(Duration.ofSeconds(1), Duration.ofMillis(250), Duration.ofSeconds(2), Duration.ofSeconds(30));

    /** The time plus or minus a quarter, so that many instances do not ask in step. */
    public static Duration around(Duration time, RandomGenerator random) {
        return Duration.ofNanos((long) (time.toNanos() * (0.75 + 0.5 * random.nextDouble())));
    }

    /**
     * Exponential with full jitter: anything from 0 to the bound, see "Exponential Backoff And Jitter" (AWS Architecture
     * Blog, 2015). When a registry comes back, its services come back spread over the bound.
     *
     * @param failures how many there were in a row, from 1
     */
    public Duration backoff(int failures, RandomGenerator random) {
        long bound = maxBackoff.toNanos();
        // 20 doublings are beyond any bound, and below what a long holds.
        if (failures <= 20) {
            bound = Math.min(bound, firstBackoff.toNanos() << (failures - 1));
        }
        return Duration.ofNanos((long) (bound * random.nextDouble()));
    }
}
