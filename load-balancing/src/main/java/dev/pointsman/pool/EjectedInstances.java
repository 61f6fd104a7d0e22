package dev.pointsman.pool;

import dev.pointsman.registry.Instance;
import dev.pointsman.registry.InstanceKey;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What pools know of the instances that they have ejected, for pools that take their place. Immutable, thread-safe. */
public final class EjectedInstances {
    /** Of no pool. */
    public static final EjectedInstances NONE = new EjectedInstances(Map.of());

    private final Map<InstanceKey, Upstream> byKey;

    private EjectedInstances(Map<InstanceKey, Upstream> byKey) {
        this.byKey = Map.copyOf(byKey);
    }

    /** Those of some pools; where several have ejected the same instance, what the last one knows counts. */
    public static EjectedInstances of(Collection<Pool> pools) {
        Map<InstanceKey, Upstream> byKey = new HashMap<>();
        for (Pool pool : pools) {
            for (Upstream upstream : pool.snapshot().upstreams()) {
                if (upstream.outlierState().phase() != OutlierState.Ejection.NONE) {
                    byKey.put(upstream.key(), upstream);
                }
            }
        }
        return byKey.isEmpty() ? NONE : new EjectedInstances(byKey);
    }

    /** What is known of an instance; null if nothing is, or of an earlier process alone. */
    @Nullable
    OutlierState of(Instance instance) {
        Upstream known = byKey.get(instance.key());
        return known != null && StartTime.isSameProcess(known.instance(), instance) ? known.outlierState() : null;
    }
}
