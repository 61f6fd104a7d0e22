package dev.pointsman.client.internal.follow;

import dev.pointsman.registry.Instance;
import dev.pointsman.registry.InstanceKey;
import dev.pointsman.registry.ServiceView;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The views of one service in several datacenters, merged to one. An instance of a further datacenter has the datacenter's name
 * added to its node's, which is unique within a datacenter only, and to its metadata. Thread-safe; views are passed on one at a
 * time.
 */
final class DatacenterViews {
    /** The key under which {@link #datacenter} finds it; no key of Consul's metadata has a dot. */
    private static final String META = "pointsman.datacenter";

    private final String target;
    private final List<String> further;
    private final Consumer<ServiceView> listener;
    private final @Nullable ServiceView[] views;

    /**
     * No view yet.
     *
     * @param further the datacenters besides the registry's own
     */
    DatacenterViews(String target, List<String> further, Consumer<ServiceView> listener) {
        this.target = target;
        this.further = List.copyOf(further);
        this.listener = listener;
        this.views = new ServiceView[further.size() + 1];
    }

    /**
     * Takes the newest view of a datacenter.
     *
     * @param datacenter 0 for the registry's own, else its place among the further ones, counted from 1
     */
    synchronized void take(int datacenter, ServiceView view) {
        views[datacenter] = datacenter == 0 ? view : named(view, further.get(datacenter - 1));
        listener.accept(merged());
    }

    private ServiceView merged() {
        List<Instance> instances = new ArrayList<>();
        Set<InstanceKey> retained = new HashSet<>();
        Set<InstanceKey> stale = new HashSet<>();
        for (ServiceView view : views) {
            if (view != null) {
                instances.addAll(view.instances());
                retained.addAll(view.retained());
                stale.addAll(view.stale());
            }
        }
        return new ServiceView(target, instances, retained, stale);
    }

    private static ServiceView named(ServiceView view, String datacenter) {
        return new ServiceView(
                view.target(),
                view.instances().stream()
                        .map(instance -> named(instance, datacenter))
                        .toList(),
                named(view.retained(), datacenter),
                named(view.stale(), datacenter));
    }

    private static Instance named(Instance instance, String datacenter) {
        Map<String, String> meta = new HashMap<>(instance.meta());
        meta.put(META, datacenter);
        return new Instance(
                named(instance.key(), datacenter),
                instance.service(),
                instance.address(),
                instance.port(),
                instance.tags(),
                meta,
                instance.weights(),
                instance.health(),
                instance.healthReason());
    }

    private static Set<InstanceKey> named(Set<InstanceKey> keys, String datacenter) {
        Set<InstanceKey> all = new HashSet<>();
        keys.forEach(key -> all.add(named(key, datacenter)));
        return all;
    }

    private static InstanceKey named(InstanceKey key, String datacenter) {
        return new InstanceKey(key.node() + "." + datacenter, key.id());
    }

    /** The further datacenter that an instance is in; null for the registry's own. */
    static @Nullable String datacenter(Instance instance) {
        return instance.meta().get(META);
    }
}
