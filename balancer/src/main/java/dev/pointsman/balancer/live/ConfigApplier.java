package dev.pointsman.balancer.live;

import dev.pointsman.balancer.config.BalancerConfig;
import java.util.concurrent.CompletionStage;

/** What puts a configuration in force: the data plane, and all that it needs for that. */
@FunctionalInterface
public interface ConfigApplier {
    /**
     * Puts a configuration in force, of which only what is reloadable differs from the last one.
     *
     * @param cause why it was read: {@code SIGHUP}, a file
     * @return ends when requests are served by it, or fails if it could not be put in force and the last one still is, with a
     *     {@link NotAppliedException} where people can do something about it; it has to end within a bounded time
     */
    CompletionStage<Void> apply(BalancerConfig config, String cause);
}
