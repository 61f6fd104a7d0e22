package dev.pointsman.registry.consul;

import dev.pointsman.registry.Instance;
import dev.pointsman.registry.InstanceKey;
import dev.pointsman.registry.cache.KeptService;
import dev.pointsman.registry.cache.ServiceMemory;
import java.util.HashMap;
import java.util.Map;

/** What feeds begin with of an earlier process's knowledge, and what the next process will. Lives on one Vert.x context. */
final class Recollection {
    private final ServiceMemory memory;
    /** Of the services that were not asked for since. */
    private final Map<String, KeptService> recalled;

    Recollection(ServiceMemory memory) {
        this.memory = memory;
        this.recalled = new HashMap<>(memory.recalled());
    }

    /** Whether there is nothing left to begin with. */
    boolean isEmpty() {
        return recalled.isEmpty();
    }

    /** For a feed that was not started yet. */
    void recall(String service, Feed<InstanceKey, Instance> feed) {
        KeptService kept = recalled.remove(service);
        if (kept != null) {
            feed.recall(ServiceReader.byKey(kept.instances()), kept.index());
        }
    }

    /**
     * For the first feed of the catalog, before it is started. The catalog too may have lost its memory since; its index is
     * not behind that of any instance.
     */
    void recallCatalog(Feed<ServiceTag, ServiceTag> catalog) {
        long index = recalled.values().stream()
                .map(KeptService::index)
                .max(Long::compareUnsigned)
                .orElse(0L);
        catalog.recall(ServiceTag.of(recalled), index);
    }

    void remember(String service, Feed<InstanceKey, Instance> feed) {
        if (feed.answered()) {
            memory.note(service, feed.view().values(), feed.state().status().index());
        }
    }

    void forget(String service) {
        memory.forget(service);
    }
}
