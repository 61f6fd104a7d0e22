package dev.pointsman.registry.consul.internal.view;

import dev.pointsman.registry.Instance;
import dev.pointsman.registry.InstanceKey;
import dev.pointsman.registry.ServiceView;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The merging of several services' instances into the view of one target: every instance of the service of that name, and
 * of other services those that carry the tag. An address counts once, however many registrations lead to it.
 */
final class ViewMerger {
    /**
     * One service's part of a view: its instances, with what is retained or stale.
     *
     * @param service its name
     * @param instances its instances
     * @param retained those of them that Consul stopped listing and that count all the same
     * @param stale whether all of it is from the cache, and not from Consul yet
     */
    record ServicePart(
            String service, Map<InstanceKey, Instance> instances, Set<InstanceKey> retained, boolean stale) {}

    /**
     * A view and what was left out of it.
     *
     * @param view the view
     * @param duplicates one sentence for each listed instance with the address of another
     */
    record MergedView(ServiceView view, List<String> duplicates) {}

    private record Ranked(Instance instance, boolean retained, boolean stale) {
        /** The order of preference: listed before retained or stale, then by health, then in a fixed order. */
        static final Comparator<Ranked> BEST_FIRST = Comparator.comparing(Ranked::retained)
                .thenComparing(Ranked::stale)
                .thenComparing(c -> c.instance.health())
                .thenComparing(c -> c.instance.key());
    }

    private ViewMerger() {}

    static MergedView merge(String target, Collection<ServicePart> parts) {
        List<Ranked> ranked = new ArrayList<>();
        for (ServicePart part : parts) {
            part.instances.values().stream()
                    .filter(i -> part.service.equals(target) || i.tags().contains(target))
                    .forEach(i -> ranked.add(new Ranked(i, part.retained.contains(i.key()), part.stale)));
        }
        ranked.sort(Ranked.BEST_FIRST);

        Map<String, Instance> byAuthority = new HashMap<>();
        Set<InstanceKey> keys = new HashSet<>();
        Set<InstanceKey> retained = new HashSet<>();
        Set<InstanceKey> stale = new HashSet<>();
        List<String> duplicates = new ArrayList<>();
        for (Ranked next : ranked) {
            Instance instance = next.instance;
            if (!keys.add(instance.key())) {
                // Registered anew under another name, and the watch of the old name does not know it yet.
                continue;
            }
            Instance other = byAuthority.putIfAbsent(instance.authority(), instance);
            if (other == null) {
                if (next.retained) {
                    retained.add(instance.key());
                }
                if (next.stale) {
                    stale.add(instance.key());
                }
            } else if (!next.retained && !next.stale) {
                duplicates.add(instance.key() + " has the same address as " + other.key() + ", " + instance.authority()
                        + ": it is left out");
            }
        }
        return new MergedView(new ServiceView(target, List.copyOf(byAuthority.values()), retained, stale), duplicates);
    }
}
