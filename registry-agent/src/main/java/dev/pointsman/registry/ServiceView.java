package dev.pointsman.registry;

import java.util.Comparator;
import java.util.List;
import java.util.Set;

/**
 * The instances that answer to one target at one moment, as far as the registry is to be believed. A target is a tag or
 * a service's name: an instance belongs to it when it carries the tag or its service has the name.
 *
 * @param target the tag or service name that was asked for
 * @param instances every instance of the target, whatever its health, sorted by {@link Instance#key()}
 * @param held the instances among them that the registry stopped listing in a way that is not to be believed yet (it
 *     was restarted and may just have forgotten them); they count until they are listed again or their time is over
 * @param unverified the instances among them that the registry has not said anything of in this process's life: they are
 *     known from an earlier one, and count until the registry answers
 */
public record ServiceView(String target, List<Instance> instances, Set<InstanceKey> held, Set<InstanceKey> unverified) {
    public ServiceView {
        instances =
                instances.stream().sorted(Comparator.comparing(Instance::key)).toList();
        held = Set.copyOf(held);
        unverified = Set.copyOf(unverified);
    }

    /** A view in which everything is listed by the registry itself. */
    public ServiceView(String target, List<Instance> instances) {
        this(target, instances, Set.of(), Set.of());
    }

    /** A view in which nothing is left over from an earlier process. */
    public ServiceView(String target, List<Instance> instances, Set<InstanceKey> held) {
        this(target, instances, held, Set.of());
    }
}
