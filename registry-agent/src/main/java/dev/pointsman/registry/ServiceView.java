package dev.pointsman.registry;

import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The instances of one target at one moment, as far as the registry is to be believed. Immutable. A target is a tag or
 * a service's name: an instance belongs to it when it carries the tag or its service has the name.
 *
 * @param target the tag or service name that was asked for
 * @param instances every instance of the target, whatever its health, sorted by {@link Instance#key()}
 * @param retained the instances among them that the registry stopped listing in a way that is not to be believed yet (it
 *     was restarted and may just have forgotten them): self-preservation keeps them until they are listed again or their
 *     time is over
 * @param stale the instances among them that the registry has not responded for in this process's life: they come from
 *     the cache, and count until the registry responds
 */
public record ServiceView(String target, List<Instance> instances, Set<InstanceKey> retained, Set<InstanceKey> stale) {
    public ServiceView {
        instances =
                instances.stream().sorted(Comparator.comparing(Instance::key)).toList();
        retained = Set.copyOf(retained);
        stale = Set.copyOf(stale);
    }

    /** A view in which everything is listed by the registry itself. */
    public ServiceView(String target, List<Instance> instances) {
        this(target, instances, Set.of(), Set.of());
    }

    /** A view in which nothing comes from the cache. */
    public ServiceView(String target, List<Instance> instances, Set<InstanceKey> retained) {
        this(target, instances, retained, Set.of());
    }

    /** By hand: a start waits for the one that the JVM generates. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ServiceView view
                && target.equals(view.target)
                && instances.equals(view.instances)
                && retained.equals(view.retained)
                && stale.equals(view.stale);
    }

    @Override
    public int hashCode() {
        return target.hashCode() * 31 + instances.hashCode();
    }
}
