package dev.pointsman.balancer.route;

import dev.pointsman.balancer.http.UpstreamTransport;
import dev.pointsman.canary.CanaryOptions;
import dev.pointsman.pick.Policy;
import dev.pointsman.pool.PoolOptions;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The settings of how a route picks among its instances. Routes to the same target share a pool as long as these are equal.
 *
 * @param policy the pick policy
 * @param options the rules for leaving upstreams out
 * @param maxRequests in flight in the pool at a time, 0 (the default) for any number
 * @param queue how many requests may wait for a permit when that, or the limit of each instance, is reached; 128 by
 *     default
 * @param queueTimeout for how long; 1 s by default
 * @param health how the balancer checks the instances itself; null (the default) for not at all
 * @param canary what becomes of the instances that tags mark as canaries
 * @param transport how the instances are spoken to; HTTP/1.1 in clear text by default
 */
public record PoolSettings(
        Policy policy,
        PoolOptions options,
        int maxRequests,
        int queue,
        Duration queueTimeout,
        @Nullable HealthCheck health,
        CanaryOptions canary,
        UpstreamTransport transport) {
    public static final PoolSettings DEFAULT =
            new PoolSettings(Policy.DEFAULT, PoolOptions.DEFAULT, 0, 128, Duration.ofSeconds(1));

    /** Settings with the defaults for canaries, and instances that are spoken to in clear text. */
    public PoolSettings(Policy policy, PoolOptions options, int maxRequests, int queue, Duration queueTimeout) {
        this(policy, options, maxRequests, queue, queueTimeout, null, CanaryOptions.DEFAULT, UpstreamTransport.PLAIN);
    }

    /** The same for instances that are spoken to in another way. */
    public PoolSettings with(UpstreamTransport other) {
        return other.equals(transport)
                ? this
                : new PoolSettings(policy, options, maxRequests, queue, queueTimeout, health, canary, other);
    }

    /** Whether requests may have to wait at all. */
    public boolean isLimited() {
        return maxRequests > 0 || options.maxInFlight() > 0;
    }
}
