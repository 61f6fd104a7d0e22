package dev.pointsman.launcher.drain;

import dev.pointsman.registry.Instance;
import org.jspecify.annotations.Nullable;

/**
 * A balancer, as it registered itself.
 *
 * @param name its id in the registry
 * @param admin {@code host:port} of its admin API, or null when it does not say
 */
public record Balancer(String name, @Nullable String admin) {
    /** The service's name that every balancer registers itself with. */
    public static final String SERVICE = "pointsman-balancer";

    private static final String ADMIN = "admin";

    /** Reads the registry's facts. */
    public static Balancer of(Instance instance) {
        return new Balancer(instance.key().id(), instance.meta().get(ADMIN));
    }
}
