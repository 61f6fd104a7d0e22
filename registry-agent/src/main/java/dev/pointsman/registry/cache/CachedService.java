package dev.pointsman.registry.cache;

import dev.pointsman.registry.Instance;
import java.time.Instant;
import java.util.List;

/**
 * The instances of one service as a registry last listed them. Immutable.
 *
 * @param instances those that counted
 * @param index the registry's index of that response, unsigned; it shows whether a later response comes from a registry that
 *     lost its state
 * @param seen when the registry last listed them
 */
public record CachedService(List<Instance> instances, long index, Instant seen) {
    public CachedService {
        instances = List.copyOf(instances);
    }
}
