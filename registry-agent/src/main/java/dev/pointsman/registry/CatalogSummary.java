package dev.pointsman.registry;

import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The services of a registry at one moment, without their instances. Immutable.
 *
 * @param datacenter the datacenter whose services they are
 * @param services the tags that the instances of each service carry between them, by the service's name
 */
public record CatalogSummary(String datacenter, Map<String, Set<String>> services) {
    public CatalogSummary {
        Map<String, Set<String>> copy = new TreeMap<>();
        services.forEach((service, tags) -> copy.put(service, Set.copyOf(tags)));
        services = Collections.unmodifiableMap(copy);
    }

    /** Whether a service has this name, or an instance of one carries this tag. */
    public boolean has(String target) {
        return services.containsKey(target) || services.values().stream().anyMatch(tags -> tags.contains(target));
    }
}
