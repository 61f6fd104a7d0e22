package dev.pointsman.registry.cache;

import dev.pointsman.registry.Instance;
import java.util.Collection;
import java.util.Map;

/** What a client of a registry remembers from one process to the next. Thread-safe; no call blocks. */
public interface ServiceMemory {
    /** Remembers nothing. */
    ServiceMemory NONE = new ServiceMemory() {
        @Override
        public Map<String, KeptService> recalled() {
            return Map.of();
        }

        @Override
        public void note(String service, Collection<Instance> instances, long index) {}

        @Override
        public void forget(String service) {}
    };

    /** What the process before this one knew, by the service's name. */
    Map<String, KeptService> recalled();

    /** The registry has just said this of a service, the same as before or not. */
    void note(String service, Collection<Instance> instances, long index);

    /** Nobody asks for this service any more. */
    void forget(String service);
}
