package dev.pointsman.pool;

import dev.pointsman.registry.InstanceKey;
import org.jspecify.annotations.Nullable;

/**
 * A change of the availability of an upstream.
 *
 * @param target the pool's tag or service name
 * @param upstream the instance whose availability changed
 * @param before null when it has just joined
 * @param after its availability now
 * @param reason why, in one sentence; empty when there is nothing to add
 */
public record StateChange(
        String target, InstanceKey upstream, @Nullable Availability before, Availability after, String reason) {}
