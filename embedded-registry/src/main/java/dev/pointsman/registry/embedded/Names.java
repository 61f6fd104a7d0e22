package dev.pointsman.registry.embedded;

import java.util.Collection;
import java.util.List;
import java.util.Locale;

/** Consul tells apart neither services, nor nodes, nor tags by upper and lower case when it looks for them. */
final class Names {
    private Names() {}

    /** What two names that are the same to Consul have in common. */
    static String folded(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    /** Whether each of the wanted is among those there are. */
    static boolean containsAll(Collection<String> there, List<String> wanted) {
        return wanted.stream().allMatch(name -> there.stream().anyMatch(name::equalsIgnoreCase));
    }
}
