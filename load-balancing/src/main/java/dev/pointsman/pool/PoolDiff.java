package dev.pointsman.pool;

import dev.pointsman.registry.Instance;
import dev.pointsman.registry.InstanceKey;
import dev.pointsman.registry.ServiceView;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The difference between the upstreams of a pool and a new view of the registry, matched by node and id.
 *
 * @param added instances that have no upstream yet
 * @param survivors upstreams that stay, with their newest facts, changed or not
 * @param removed upstreams whose instance is no longer listed
 */
record PoolDiff(List<Instance> added, List<Survivor> survivors, List<Upstream> removed) {
    record Survivor(Upstream upstream, Instance facts) {
        boolean changed() {
            return !upstream.instance().equals(facts);
        }
    }

    static PoolDiff between(List<Upstream> old, ServiceView view) {
        Map<InstanceKey, Upstream> left = new HashMap<>();
        old.forEach(upstream -> left.put(upstream.key(), upstream));
        List<Instance> added = new ArrayList<>();
        List<Survivor> survivors = new ArrayList<>();
        for (Instance instance : view.instances()) {
            Upstream upstream = left.remove(instance.key());
            if (upstream == null) {
                added.add(instance);
            } else {
                survivors.add(new Survivor(upstream, instance));
            }
        }
        return new PoolDiff(added, survivors, List.copyOf(left.values()));
    }
}
