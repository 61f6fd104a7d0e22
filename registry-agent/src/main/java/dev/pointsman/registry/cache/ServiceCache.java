package dev.pointsman.registry.cache;

import dev.pointsman.registry.Instance;
import java.util.Collection;
import java.util.Map;

/** A cache of services that outlives a process, for a registry client that starts while its registry is down. Thread-safe; no call blocks. */
public interface ServiceCache {
    /** A cache that stores nothing. */
    ServiceCache NONE = new ServiceCache() {
        @Override
        public Map<String, CachedService> cached() {
            return Map.of();
        }

        @Override
        public void put(String service, Collection<Instance> instances, long index) {}

        @Override
        public void remove(String service) {}
    };

    /** The services that the process before this one knew, by name; what is put later does not show here. */
    Map<String, CachedService> cached();

    /**
     * Stores what the registry has just listed of a service, the same as before or not.
     *
     * @param index the registry's index of that response, unsigned
     */
    void put(String service, Collection<Instance> instances, long index);

    /** Removes a service that is not followed any more. */
    void remove(String service);
}
