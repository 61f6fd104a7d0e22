package dev.pointsman.registry.embedded;

import java.util.Collection;
import java.util.List;
import java.util.Locale;

/** The comparison of names as in Consul: services, nodes and tags are found in upper and lower case alike. */
final class Names {
    private Names() {}

    /** What two names that are the same to Consul have in common. */
    static String folded(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    /** Whether each of the wanted tags is among those of a service. */
    static boolean containsAll(Collection<String> there, List<String> wanted) {
        return wanted.stream().allMatch(name -> there.stream().anyMatch(name::equalsIgnoreCase));
    }
}
