package dev.pointsman.registry.cache;

import dev.pointsman.registry.Instance;
import java.time.Instant;
import java.util.List;

/**
 * What a registry last said of one service. Immutable.
 *
 * @param instances those that counted
 * @param index the registry's index of that answer, unsigned; it tells whether a later answer comes from a registry that
 *     lost its memory
 * @param seen when the registry last said so
 */
public record KeptService(List<Instance> instances, long index, Instant seen) {
    public KeptService {
        instances = List.copyOf(instances);
    }
}
