package dev.pointsman.launcher.drain;

import dev.pointsman.registry.Instance;
import org.jspecify.annotations.Nullable;

/**
 * A balancer that has registered itself.
 *
 * @param name its id in the registry
 * @param admin {@code host:port} of its admin API, or null if it did not register one
 */
public record RegisteredBalancer(String name, @Nullable String admin) {
    /** The service's name with which every balancer registers itself. */
    public static final String SERVICE = "pointsman-balancer";

    private static final String ADMIN = "admin";

    /** The balancer of an instance of {@link #SERVICE}. */
    public static RegisteredBalancer of(Instance instance) {
        return new RegisteredBalancer(instance.key().id(), instance.meta().get(ADMIN));
    }
}
