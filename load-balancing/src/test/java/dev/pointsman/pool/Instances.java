package dev.pointsman.pool;

import dev.pointsman.registry.Health;
import dev.pointsman.registry.Instance;
import dev.pointsman.registry.InstanceKey;
import dev.pointsman.registry.Weights;
import java.util.List;
import java.util.Map;

/** Instances as a registry would list them, with what a test does not care about filled in. */
public final class Instances {
    private static final String ADDRESS = "127.0.0.1";

    private Instances() {}

    /** An instance that passes its checks, on the node "n1" at 127.0.0.1. */
    public static Instance instance(String id, int port) {
        return instance(id, port, Health.PASSING, "");
    }

    public static Instance instance(String id, int port, Health health, String reason) {
        return of(new InstanceKey("n1", id), port, health, reason, Weights.DEFAULT);
    }

    public static Instance onNode(String node, String id, int port) {
        return of(new InstanceKey(node, id), port, Health.PASSING, "", Weights.DEFAULT);
    }

    public static Instance weighted(String id, int port, Health health, Weights weights) {
        return of(new InstanceKey("n1", id), port, health, "", weights);
    }

    public static Instance withMeta(String id, int port, Map<String, String> meta) {
        return new Instance(
                new InstanceKey("n1", id),
                "svc",
                ADDRESS,
                port,
                List.of("svc"),
                meta,
                Weights.DEFAULT,
                Health.PASSING,
                "");
    }

    /** An instance that is a backup by its tag. */
    static Instance backup(String id, Health health) {
        return new Instance(
                new InstanceKey("n1", id),
                "svc",
                ADDRESS,
                1,
                List.of("svc", Upstream.BACKUP_TAG),
                Map.of(),
                Weights.DEFAULT,
                health,
                "");
    }

    private static Instance of(InstanceKey key, int port, Health health, String reason, Weights weights) {
        return new Instance(key, "svc", ADDRESS, port, List.of("svc"), Map.of(), weights, health, reason);
    }
}
