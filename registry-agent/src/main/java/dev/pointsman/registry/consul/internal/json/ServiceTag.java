package dev.pointsman.registry.consul.internal.json;

import dev.pointsman.registry.Instance;
import dev.pointsman.registry.RegistryException;
import io.vertx.core.buffer.Buffer;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A line of Consul's catalog: at least one instance of the service carries the tag.
 *
 * @param service the service's name
 * @param tag the tag, or empty: the service is there
 */
public record ServiceTag(String service, String tag) {
    /** By hand: a start waits for the one that the JVM generates. */
    @Override
    public int hashCode() {
        return service.hashCode() * 31 + tag.hashCode();
    }

    /**
     * Reads a response of {@code /v1/catalog/services} into such lines, each its own key. A service also has a line with
     * no tag, so that a catalog without tags is not taken for an empty one.
     */
    public static Map<ServiceTag, ServiceTag> read(Buffer body) throws RegistryException {
        Map<ServiceTag, ServiceTag> lines = new LinkedHashMap<>();
        ConsulJson.catalog(body.getBytes()).forEach((service, tags) -> add(lines, service, tags));
        return lines;
    }

    /** The lines that these services would have, going by the tags of their instances. */
    public static Map<ServiceTag, ServiceTag> of(Map<String, List<Instance>> services) {
        Map<ServiceTag, ServiceTag> lines = new LinkedHashMap<>();
        services.forEach((service, instances) -> instances.forEach(instance -> add(lines, service, instance.tags())));
        return lines;
    }

    private static void add(Map<ServiceTag, ServiceTag> lines, String service, Collection<String> tags) {
        ServiceTag present = new ServiceTag(service, "");
        lines.put(present, present);
        for (String tag : tags) {
            ServiceTag line = new ServiceTag(service, tag);
            lines.put(line, line);
        }
    }

    /** The tags of each service. */
    public static Map<String, Set<String>> byService(Collection<ServiceTag> lines) {
        Map<String, Set<String>> byService = new HashMap<>();
        for (ServiceTag line : lines) {
            Set<String> tags = byService.computeIfAbsent(line.service, service -> new HashSet<>());
            if (!line.tag.isEmpty()) {
                tags.add(line.tag);
            }
        }
        return byService;
    }

    /** The services that carry each tag. */
    public static Map<String, Set<String>> carriers(Collection<ServiceTag> lines) {
        Map<String, Set<String>> byTag = new HashMap<>();
        for (ServiceTag line : lines) {
            byTag.computeIfAbsent(line.tag, tag -> new HashSet<>()).add(line.service);
        }
        return byTag;
    }
}
