package dev.pointsman.agent;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * The pauses between the requests of a {@link RegistrationState}.
 *
 * @param check between two checks of a registration that is there, before jitter
 * @param firstBackoff the upper bound of the first pause after a failure; it doubles with each further failure in a row
 * @param maxBackoff where the doubling ends
 * @param rejected between two attempts while the registry rejects the registration, before jitter
 */
public record RetryPacing(Duration check, Duration firstBackoff, Duration maxBackoff, Duration rejected) {
    /** Short, because a check is one cheap call to an agent nearby, and balancers wait for a lost service to come back. */
    public static final RetryPacing DEFAULT = new RetryPacing(
            Duration.ofSeconds(1), Duration.ofMillis(250), Duration.ofSeconds(2), Duration.ofSeconds(30));

    /** The time plus or minus a quarter, so that many instances do not send their requests in step. */
    public static Duration around(Duration time, RandomGenerator random) {
        return Duration.ofNanos((long) (time.toNanos() * (0.75 + 0.5 * random.nextDouble())));
    }

    /**
     * An exponential backoff with full jitter: anything from 0 to the bound, see "Exponential Backoff And Jitter" (AWS Architecture
     * Blog, 2015). When a registry comes back, its services come back spread over the bound.
     *
     * @param failures the number of failures in a row, from 1
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
