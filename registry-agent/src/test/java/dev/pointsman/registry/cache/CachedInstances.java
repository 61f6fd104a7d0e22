package dev.pointsman.registry.cache;

import dev.pointsman.registry.Health;
import dev.pointsman.registry.Instance;
import dev.pointsman.registry.InstanceKey;
import dev.pointsman.registry.Weights;
import java.util.List;
import java.util.Map;

/** Instances to be cached, with what a test does not care about filled in. */
final class CachedInstances {
    private CachedInstances() {}

    /** An instance of "svc" that passes its checks, on the node "n1" at 127.0.0.1. */
    static Instance instance(String id, int port) {
        return new Instance(
                new InstanceKey("n1", id),
                "svc",
                "127.0.0.1",
                port,
                List.of("svc"),
                Map.of(),
                Weights.DEFAULT,
                Health.PASSING,
                "");
    }
}
