package dev.pointsman.registry;

import java.util.Set;
import java.util.function.Predicate;

/**
 * A choice of services by the tags that their instances carry. A service is chosen as a whole, with its instances without
 * such a tag.
 *
 * @param name what the chosen services are called in sentences, for instance {@code services that announce routes}
 * @param everyService whether every service of the registry is chosen, whatever its tags
 * @param tag whether a service is chosen because an instance of it carries this tag. It is asked for each tag of the registry,
 *     on each change of any service: it must be quick, and say the same of the same tag each time
 */
public record ServiceSelection(String name, boolean everyService, Predicate<String> tag) {
    /** The services of which an instance carries such a tag. */
    public static ServiceSelection byTag(String name, Predicate<String> tag) {
        return new ServiceSelection(name, false, tag);
    }

    /** The services of which an instance carries a tag that begins with one of these texts, spaces before it aside. */
    public static ServiceSelection byTagPrefix(String name, Set<String> prefixes) {
        Set<String> fixed = Set.copyOf(prefixes);
        return byTag(name, tag -> {
            String stripped = tag.stripLeading();
            return fixed.stream().anyMatch(stripped::startsWith);
        });
    }

    /** Every service of the registry, Consul's own one included. */
    public static ServiceSelection everyService(String name) {
        return new ServiceSelection(name, true, tag -> true);
    }
}
