package dev.pointsman.registry;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiPredicate;

/**
 * The merging of several services' instances into the view of one target. An address counts once, however many registrations
 * lead to it, and so does an instance that two services still have.
 */
public final class ViewMerger {
    /**
     * A view and what was left out of it.
     *
     * @param view the view
     * @param duplicates one sentence for each listed instance with the address of another
     */
    public record MergedView(ServiceView view, List<String> duplicates) {}

    private record Ranked(Instance instance, boolean retained, boolean stale) {
        /** The order of preference: listed before retained or stale, then by health, then in a fixed order. */
        static final Comparator<Ranked> BEST_FIRST = Comparator.comparing(Ranked::retained)
                .thenComparing(Ranked::stale)
                .thenComparing(c -> c.instance.health())
                .thenComparing(c -> c.instance.key());
    }

    private ViewMerger() {}

    /**
     * Merges those instances that belong to the target.
     *
     * @param target the name of the merged view
     * @param services the views of the services, each with the service's name as its target
     * @param belongs whether an instance counts, by the name of the service that it was listed for, and itself
     */
    public static MergedView merge(
            String target, Collection<ServiceView> services, BiPredicate<String, Instance> belongs) {
        List<Ranked> ranked = new ArrayList<>();
        for (ServiceView service : services) {
            service.instances().stream()
                    .filter(i -> belongs.test(service.target(), i))
                    .forEach(i -> ranked.add(new Ranked(
                            i,
                            service.retained().contains(i.key()),
                            service.stale().contains(i.key()))));
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
