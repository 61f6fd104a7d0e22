package dev.pointsman.pool;

import dev.pointsman.registry.Instance;
import dev.pointsman.registry.InstanceKey;
import dev.pointsman.registry.ServiceView;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a new view of the registry means for the upstreams at hand, matched by node and id.
 *
 * @param added instances that no upstream stands for yet
 * @param kept pairs of a surviving upstream and its newest facts, changed or not
 * @param removed upstreams whose instance the view no longer has
 */
record PoolDiff(List<Instance> added, List<Kept> kept, List<Upstream> removed) {
    record Kept(Upstream upstream, Instance facts) {
        boolean changed() {
            return !upstream.instance().equals(facts);
        }
    }

    static PoolDiff between(List<Upstream> old, ServiceView view) {
        Map<InstanceKey, Upstream> left = new HashMap<>();
        old.forEach(upstream -> left.put(upstream.key(), upstream));
        List<Instance> added = new ArrayList<>();
        List<Kept> kept = new ArrayList<>();
        for (Instance instance : view.instances()) {
            Upstream survivor = left.remove(instance.key());
            if (survivor == null) {
                added.add(instance);
            } else {
                kept.add(new Kept(survivor, instance));
            }
        }
        return new PoolDiff(added, kept, List.copyOf(left.values()));
    }
}
