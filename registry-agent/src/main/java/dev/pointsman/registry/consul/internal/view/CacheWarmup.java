package dev.pointsman.registry.consul.internal.view;

import dev.pointsman.registry.Instance;
import dev.pointsman.registry.InstanceKey;
import dev.pointsman.registry.cache.CachedService;
import dev.pointsman.registry.cache.ServiceCache;
import dev.pointsman.registry.consul.internal.json.InstancesReader;
import dev.pointsman.registry.consul.internal.json.ServiceTag;
import dev.pointsman.registry.consul.internal.query.ListView;
import dev.pointsman.registry.consul.internal.query.WatchedList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The link between watched lists and the cache: lists begin with what an earlier process cached, and what Consul says of
 * them is cached for the next process. Lives on one Vert.x context, but for {@link #freeze}.
 */
final class CacheWarmup {
    private final ServiceCache cache;
    /** The services of the cache whose lists were not made yet. */
    private final Map<String, CachedService> unused;

    private volatile boolean frozen;

    CacheWarmup(ServiceCache cache) {
        this.cache = cache;
        this.unused = new HashMap<>(cache.cached());
    }

    /** Whether every service of the cache has its list by now. */
    boolean isUsedUp() {
        return unused.isEmpty();
    }

    /** Fills the list of a service that was not started yet. */
    void seed(String service, WatchedList<InstanceKey, Instance> list) {
        CachedService cached = unused.remove(service);
        if (cached != null) {
            list.seed(InstancesReader.byKey(cached.instances()), cached.index());
        }
    }

    /**
     * Fills the catalog, before it is started for the first time. Consul may have lost the catalog too since; its index is
     * not behind that of any instance.
     */
    void seedCatalog(WatchedList<ServiceTag, ServiceTag> catalog) {
        long index = unused.values().stream()
                .map(CachedService::index)
                .max(Long::compareUnsigned)
                .orElse(0L);
        Map<String, List<Instance>> services = new HashMap<>();
        unused.forEach((service, cached) -> services.put(service, cached.instances()));
        catalog.seed(ServiceTag.of(services), index);
    }

    /** Caches what the list says, if it is from Consul. */
    void store(String service, ListView<InstanceKey, Instance> list) {
        if (list.responded()) {
            cache.put(service, list.entries().values(), list.state().status().index());
        }
    }

    /** Removes a service that is followed no longer, unless the cache is frozen. */
    void remove(String service) {
        if (!frozen) {
            cache.remove(service);
        }
    }

    /**
     * Stops removals from the cache: when everything ends, the services known by then are just what the next process
     * needs. Any thread.
     */
    void freeze() {
        frozen = true;
    }
}
