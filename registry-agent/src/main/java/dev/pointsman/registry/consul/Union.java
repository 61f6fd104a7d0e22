package dev.pointsman.registry.consul;

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
 * Puts a target's view together: every instance of the service of that name, and of other services those that carry the
 * tag. An address counts once, however many registrations lead to it.
 */
final class Union {
    /**
     * What is known of one service.
     *
     * @param service its name
     * @param instances its instances
     * @param held those of them that are held
     * @param unverified whether all of it is remembered, and not from Consul yet
     */
    record Part(String service, Map<InstanceKey, Instance> instances, Set<InstanceKey> held, boolean unverified) {}

    /**
     * A view and what was left out of it.
     *
     * @param view the view
     * @param duplicates one sentence for each listed instance with the address of another
     */
    record Merged(ServiceView view, List<String> duplicates) {}

    private record Candidate(Instance instance, boolean held, boolean unverified) {
        /** What the registry lists before what it may have forgotten or not said yet, then the healthier, then in a fixed order. */
        static final Comparator<Candidate> BEST_FIRST = Comparator.comparing(Candidate::held)
                .thenComparing(Candidate::unverified)
                .thenComparing(c -> c.instance.health())
                .thenComparing(c -> c.instance.key());
    }

    private Union() {}

    static Merged of(String target, Collection<Part> parts) {
        List<Candidate> candidates = new ArrayList<>();
        for (Part part : parts) {
            part.instances.values().stream()
                    .filter(i -> part.service.equals(target) || i.tags().contains(target))
                    .forEach(i -> candidates.add(new Candidate(i, part.held.contains(i.key()), part.unverified)));
        }
        candidates.sort(Candidate.BEST_FIRST);

        Map<String, Instance> byAuthority = new HashMap<>();
        Set<InstanceKey> keys = new HashSet<>();
        Set<InstanceKey> held = new HashSet<>();
        Set<InstanceKey> unverified = new HashSet<>();
        List<String> duplicates = new ArrayList<>();
        for (Candidate candidate : candidates) {
            Instance instance = candidate.instance;
            if (!keys.add(instance.key())) {
                // Registered anew under another name, and the watch of the old name has not heard of it yet.
                continue;
            }
            Instance other = byAuthority.putIfAbsent(instance.authority(), instance);
            if (other == null) {
                if (candidate.held) {
                    held.add(instance.key());
                }
                if (candidate.unverified) {
                    unverified.add(instance.key());
                }
            } else if (!candidate.held && !candidate.unverified) {
                duplicates.add(instance.key() + " has the same address as " + other.key() + ", " + instance.authority()
                        + ": it is left out");
            }
        }
        return new Merged(new ServiceView(target, List.copyOf(byAuthority.values()), held, unverified), duplicates);
    }
}
