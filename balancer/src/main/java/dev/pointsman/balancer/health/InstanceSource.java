package dev.pointsman.balancer.health;

import dev.pointsman.registry.ServiceView;
import dev.pointsman.registry.Watch;
import java.util.function.Consumer;

/**
 * A source of the instances of one target: a registry's tag, upstreams that are written down, or one of these with the
 * balancer's own checks. Thread-safe.
 */
@FunctionalInterface
public interface InstanceSource {
    /**
     * Follows the instances until the watch is closed.
     *
     * @param listener is given each view that differs from the one before it, the first one included, one at a time and in
     *     order; it must not block
     */
    Watch follow(Consumer<ServiceView> listener);
}
